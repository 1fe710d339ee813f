() => {
  // What must be so on every page, whatever stands on it: one line for each thing that is not.
  const wrong = []
  const isSeen = element => element.checkVisibility({ opacityProperty: true, visibilityProperty: true })
  const name = element => element.outerHTML.slice(0, 140)

  if (!document.documentElement.lang) wrong.push("no language")
  if (!document.title.trim() || document.title.startsWith(" · ")) wrong.push(`the title is “${document.title}”`)

  const headings = [...document.querySelectorAll("h1, h2, h3, h4, h5, h6")].filter(heading => !heading.closest("dialog"))
  const levels = headings.map(heading => Number(heading.localName[1]))
  if (levels.filter(level => level === 1).length !== 1) wrong.push(`${levels.filter(level => level === 1).length} h1`)
  levels.forEach((level, at) => {
    if (at && level > levels[at - 1] + 1) wrong.push(`h${level} after h${levels[at - 1]}: ${headings[at].textContent}`)
  })

  const ids = [...document.querySelectorAll("[id]")].map(element => element.id)
  ids.forEach((id, at) => { if (ids.indexOf(id) !== at) wrong.push(`twice the id ${id}`) })

  // Focus by keyboard changes what is seen of the control, or of what holds it.
  const LOOKS = ["outline", "boxShadow", "borderColor", "backgroundColor", "textDecorationLine", "opacity", "translate", "inset"]
  const around = element => [element, element.parentElement, element.closest("label, li, .drop")].filter(Boolean)
  const looks = element => around(element)
    .flatMap(one => [undefined, "::before", "::after"].map(part => getComputedStyle(one, part)))
    .map(style => LOOKS.map(look => style[look]).join()).join()
  for (const control of document.querySelectorAll("a[href], button, input, select, textarea, summary")) {
    if (!isSeen(control) || control.disabled || control.type === "hidden") continue
    document.activeElement.blur()
    const before = looks(control)
    control.focus({ preventScroll: true })
    if (document.activeElement === control && looks(control) === before) wrong.push(`focus is not seen: ${name(control)}`)
  }
  document.activeElement.blur()
  return wrong
}
