least => {
  // What a finger can hit: everything that answers around the middle of a control, a link drawn over its whole row included.
  const STEP = 2
  const top = document.querySelector(":popover-open, dialog:modal") ?? document
  const controls = top.querySelectorAll("a[href], button, input, select, textarea, summary")
  const isSeen = element => element.checkVisibility({ opacityProperty: true, visibilityProperty: true })
  const isExempt = element => element.closest("p, .prose, .skip") || element.type === "hidden"

  const answers = (element, x, y) => {
    const hit = document.elementFromPoint(x, y)
    return hit && (element.contains(hit) || hit.closest("label")?.control === element)
  }
  const reach = (element, x, y, dx, dy) => {
    let far = 0
    while (far < least && answers(element, x + dx * (far + STEP), y + dy * (far + STEP))) far += STEP
    return far
  }
  // Only as far as need be: what is large enough already is not felt out.
  const across = (element, known, x, y, dx, dy) => {
    if (known >= least - STEP) return known
    const there = reach(element, x, y, dx, dy)
    return Math.max(known, there >= least ? there : there + reach(element, x, y, -dx, -dy))
  }
  const boxOf = element => (element.labels?.[0]?.contains(element) ? element.labels[0] : element).getBoundingClientRect()
  const isLarge = ({ width, height }) => Math.min(Math.round(width), Math.round(height)) >= least - STEP
  const size = element => {
    element.scrollIntoView({ block: "center", inline: "center", behavior: "instant" })
    const box = boxOf(element)
    const x = box.x + box.width / 2
    const y = box.y + box.height / 2
    if (!answers(element, x, y)) return null
    return [across(element, Math.round(box.width), x, y, 1, 0), across(element, Math.round(box.height), x, y, 0, 1)]
  }

  return [...controls]
    .filter(element => isSeen(element) && !isExempt(element) && !isLarge(boxOf(element)))
    .map(element => [size(element), element])
    .filter(([found]) => found && Math.min(...found) < least - STEP)
    .map(([[width, height], element]) => `${width}×${height} ${element.outerHTML.slice(0, 120)}`)
}
