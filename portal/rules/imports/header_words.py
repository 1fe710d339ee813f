"""Words that stand over columns, as people and other programs write them. Each line: our field, then their words."""

import re


def read(text: str) -> dict[str, str]:
    known: dict[str, str] = {}
    for entry in re.split(r"\n(?=\s*\w+:)", text.strip()):
        field, _, words = " ".join(entry.split()).partition(": ")
        known.update(dict.fromkeys(words.split(", "), field))
    return known


# Google, Outlook, Square, Mailchimp, HubSpot, Acuity, QuickBooks and Gingr among them; after `plain` below.
CLIENT = read(
    """
    first_name: first name, first, given name, forename, fname, firstname, vorname, prénom, prenom, nombre,
        voornaam
    last_name: last name, last, surname, family name, lname, lastname, nachname, familienname, nom, nom de
        famille, apellido, apellidos, achternaam
    name: name, full name, fullname, display name, file as, kunde, client, customer, owner, contact, parent,
        guardian
    email: email, e mail, mail, email address, e mail address, email value, e mail value, main email, email
        addresses, courriel, adresse e mail, adresse email, correo, correo electrónico, e mail adresse,
        emailadresse, work email, home email, personal email
    mobile: mobile, mobile phone, cell, cell phone, cellphone, mobile number, cell number, cellular, sms,
        text number, mobile phone number, cell phone number, handy, mobil, mobiltelefon, portable, móvil,
        movil, celular, mobiel
    phone: phone, phone number, telephone, telephone number, tel, phone value, main phone, phone numbers,
        home phone, work phone, business phone, day phone, evening phone, phone home, phone work, telefon,
        telefonnummer, téléphone, telephone fixe, teléfono, telefono, telefoon, number
    street: street, address, street address, address line, address street, line, street address line, addr,
        mailing address, straße, strasse, anschrift, adresse, rue, dirección, direccion, calle, adres,
        straat
    street_2: apt, apartment, unit, suite, apt suite, address extended
    city: city, town, suburb, city town, town city, address city, ort, stadt, wohnort, ville, ciudad,
        población, plaats, woonplaats
    region: state, region, province, county, state region, state province, address region, address state,
        bundesland, provincia, estado, région, canton
    postcode: postcode, post code, zip, zip code, zipcode, postal code, zip postal code, postal zip code,
        zip postal, address postal code, address zip, plz, postleitzahl, code postal, código postal, codigo
        postal, cp
    client_note: notes, note, comments, comment, memo, remarks, general notes, customer notes, notizen,
        bemerkung, bemerkungen, remarques, notas, observaciones, opmerkingen
    account_number: account number
    """
)
PET = read(
    """
    pet_name: name, names, called, s name, name s
    animal: animal type, type, species, kind, kind of animal, animal, tierart, art, espèce, espece, especie
    breed: breed, breeds, breed type, rasse, race, raza, ras, primary breed
    gender: gender, sex, geschlecht, sexe, sexo
    birthday: birthday, birthdate, birth date, date of birth, dob, born, born on, bday, geburtstag,
        geburtsdatum, date de naissance, naissance, fecha de nacimiento, nacimiento
    pet_note: notes, note, comments, allergies, allergy, medical notes, medical, medications, medication,
        medicine, behavior, behaviour, temperament, feeding, feeding instructions, diet, special needs,
        health, health notes, grooming notes, memo, care notes, medical conditions
    """
)
PET[""] = "pet_name"
# These say so much by themselves that no word for a pet is needed before them.
PET_ALONE = {
    *(
        "species",
        "breed",
        "breeds",
        "rasse",
        "race",
        "raza",
        "tierart",
        "kind of animal",
        "animal type",
        "primary breed",
    ),
    *("primary breed", "allergies", "medical notes", "medications", "feeding", "feeding instructions", "temperament"),
    *("behavior", "behaviour", "grooming notes", "medical conditions", "diet"),
}
# These belong to the pet only where the list has pets: address books know the birthdays of people.
PET_IF_ANY = {
    "birthday",
    "birthdate",
    "birth date",
    "date of birth",
    "dob",
    "sex",
    "gender",
    "born",
    "type",
    "geburtstag",
}
PET_WORDS = {
    *("pet", "pets", "dog", "dogs", "cat", "cats", "animal", "animals", "puppy", "patient", "horse"),
    *("tier", "tiere", "hund", "hunde", "katze", "haustier", "chien", "chiens", "chat", "perro", "mascota", "mascotas"),
    *("huisdier", "hond"),
}
CLIENT_WORDS = {
    *("owner", "owners", "client", "customer", "parent", "guardian", "contact", "primary", "human", "billing", "bill"),
    *(
        "home",
        "mailing",
        "member",
        "default",
        "main",
        "preferred",
        "business",
        "shipping",
        "person",
        "family",
        "besitzer",
    ),
    *("work", "personal", "halter", "kunden"),
}
FILLERS = {"of", "the", "a", "your", "please", "to", "is", "no", "nr"}
ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "1st": 1, "2nd": 2, "3rd": 3, "4th": 4}
VACCINES = {
    "dhpp": {"distemper", "dapp", "da2pp", "dhlpp", "dhppi", "dhp", "dhlp", "shppi"},
    "bordetella": {"kennel cough", "kennelcough", "zwingerhusten"},
    "rabies": {"tollwut", "rage", "rabia", "rabiës"},
    "fvrcp": {"feline distemper", "fvrcpc"},
    "leptospirosis": {"lepto"},
    "canine influenza": {"civ", "flu", "influenza"},
    "felv": {"feline leukemia", "leukemia"},
    "lyme": {"lyme disease"},
}
DAY_WORDS = {
    *("expiration", "expires", "expiry", "expire", "exp", "due", "date", "until", "valid", "vaccine", "vaccination"),
    *("vaccinations", "vacc", "vax", "shot", "on", "next", "end", "gültig", "bis", "fällig", "ablauf"),
}


def plain(header: str) -> str:
    """Only the words, small: "Pet's Name (1)" is "pet s name 1"; "PetName2" is "pet name 2"."""
    parted = re.sub(r"(?<=[a-zß-ÿ])(?=[A-Z])|(?<=[^\W\d_])(?=\d)", " ", header)
    return " ".join(re.sub(r"[\W_]+", " ", parted).casefold().replace("da 2 pp", "da2pp").split())
