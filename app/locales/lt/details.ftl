# Ko prašoma žmogaus, kai programėlei to reikia, o bankas neturi.
# $app – programėlės pavadinimas.

details-title = Trūksta kelių duomenų – { $app }
details-heading = Trūksta kelių duomenų
details-lead = { $app } prašo šių jūsų duomenų, o mes jų dar neturime.
details-there = Dabar turime viską. Tęskite.
details-note = Saugosime juos kartu su kitais jūsų duomenimis, o programėlė matys tik tai, ką leidote. Mes jų netikrinome: programėlei užtenka jūsų žodžio, bet dokumentų jis nepakeičia.
details-go-on = Išsaugoti ir tęsti

details-full_name = Jūsų vardas ir pavardė
details-date_of_birth = Jūsų gimimo data
details-gender = Jūsų lytis
details-address = Jūsų adresas
details-exposed_persons = Viešosios pareigos

details-field-given_name = Vardas
details-field-family_name = Pavardė
details-field-birth_date = Gimimo data
details-field-gender = Lytis dokumentuose
details-field-country = Šalis
details-field-city = Miestas
details-field-street = Gatvė ir namas
details-field-post_index = Pašto kodas
details-field-exposed = Ar jūs arba artimas jums žmogus eina aukštas viešąsias pareigas?
details-field-exposed_name = Jei taip: to žmogaus vardas ir pavardė
details-field-exposed_relation = Kas jis jums
details-field-exposed_position = Jo pareigos
details-exposed-note = Pavyzdžiui, valstybės vadovas, ministras, parlamento narys, aukščiausiojo teismo teisėjas, generolas, valstybės įmonės vadovas. Įstatymas reikalauja, kad tai žinotume.

details-gender-female = Moteris
details-gender-male = Vyras
details-exposed-no = Ne
details-exposed-yes = Taip
details-relation-self = Tai aš
details-relation-spouse = Sutuoktinis arba partneris
details-relation-parent = Tėvas arba motina
details-relation-child = Sūnus arba dukra
details-relation-associate = Verslo partneris

details-mend-given_name = Įveskite vardą.
details-mend-family_name = Įveskite pavardę.
details-mend-birth_date = Įveskite gimimo dieną.
details-mend-gender = Pasirinkite lytį, nurodytą dokumentuose.
details-mend-country = Pasirinkite šalį.
details-mend-city = Įveskite miestą.
details-mend-street = Įveskite gatvę ir namą, ne daugiau kaip 100 ženklų.
details-mend-post_index = Įveskite pašto kodą.
details-mend-exposed = Pasirinkite taip arba ne.
details-mend-exposed_name = Įveskite pareigas einančio žmogaus vardą ir pavardę.
details-mend-exposed_relation = Pasirinkite, kas jums tas žmogus.
details-mend-exposed_position = Įveskite pareigas.
