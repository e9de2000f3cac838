# What people are asked for when an app needs it and the bank does not have it.
# $app is an app's name.

details-title = Some details are missing – { $app }
details-heading = Some details are missing
details-lead = { $app } needs these from you, and we do not have them yet.
details-there = We have everything now. Go on.
details-note = We keep them with your other details here, and the app sees only what you allowed. We have not checked them: your word is enough for the app, not in place of your papers.
details-go-on = Save and go on

details-full_name = Your name
details-date_of_birth = Your date of birth
details-gender = Your gender
details-address = Your address
details-exposed_persons = Public office

details-field-given_name = Given names
details-field-family_name = Family name
details-field-birth_date = Date of birth
details-field-gender = Gender in your papers
details-field-country = Country
details-field-city = Town
details-field-street = Street and house
details-field-post_index = Postal code
details-field-exposed = Do you, or does somebody close to you, hold a high public office?
details-field-exposed_name = If so: the name of that person
details-field-exposed_relation = What they are to you
details-field-exposed_position = Their office
details-exposed-note = For example a head of state, a minister, a member of parliament, a judge of a highest court, a general, a director of a state company. The law asks us to know.

details-gender-female = Female
details-gender-male = Male
details-exposed-no = No
details-exposed-yes = Yes
details-relation-self = It is me
details-relation-spouse = Husband, wife or partner
details-relation-parent = Father or mother
details-relation-child = Son or daughter
details-relation-associate = In business with me

details-mend-given_name = Enter your given names.
details-mend-family_name = Enter your family name.
details-mend-birth_date = Enter the day you were born.
details-mend-gender = Choose the gender in your papers.
details-mend-country = Choose a country.
details-mend-city = Enter the town.
details-mend-street = Enter street and house, in at most 100 characters.
details-mend-post_index = Enter the postal code.
details-mend-exposed = Choose yes or no.
details-mend-exposed_name = Enter the name of the person who holds the office.
details-mend-exposed_relation = Choose what that person is to you.
details-mend-exposed_position = Enter the office.
