# Pamokos dialektas: jo jungiklis portale ir kas nutinka atskleistiems raktams.
# $app – pavadinimas.

secret-exposed = Atskleistas
secret-exposed-note = Jis atkeliavo pas mus per naršyklę, kur jį galėjo perskaityti bet kas. Nuo tada jis niekur nepriimamas.
tutorial-heading = Pamokos dialektas
tutorial-is-on = Įjungtas
tutorial-is-off = Išjungtas
tutorial-on-note = Ši programėlė gali kreiptis su callbackURL ir gauna authorizationToken. Raktas, kurį ji siunčia per naršyklę, iš karto nustoja galioti.
tutorial-off-note = Ši programėlė kreipiasi standartiniais žodžiais. Autorizavimo užklausa su client_secret atmetama, o raktas nustoja galioti.
tutorial-to-switch = Pakeisti
tutorial-lead = Šiuo dialektu „{ $app }“ siunčia žmones pas mus su client_id, scope ir callbackURL, gauna authorizationToken ir iškeičia jį į accessToken. Jis skirtas programėlėms, sukurtoms pagal pamoką, kurių dar negalima pakeisti.
tutorial-weak-heading = Kuo jis silpnas
tutorial-weak-secret = Raktas atskleidžiamas. Kaip mokoma, client_secret yra naršyklės adrese, kur jį gali perskaityti istorijos, žurnalai ir kitos svetainės. Ten jo nepaisome, o taip atkeliavęs raktas iš karto nustoja galioti. Iškeitimui jūsų serveriui reikia kito rakto.
tutorial-weak-state = Programėlė neatskiria savo atsakymų nuo suklastotų. Nėra state, todėl kas nors gali jūsų naudotojui pakišti savo authorizationToken (CSRF): tada tas žmogus mokėtų iš svetimos piniginės ar ją matytų. Vis tiek siųskite state ir jį palyginkite: mes jį grąžiname.
tutorial-weak-pkce = Nėra PKCE. Kas pavagia authorizationToken ir žino programėlės raktą, gali juo pasinaudoti per trumpą jo galiojimo laiką.
tutorial-in-flight = Išjungus nutrūksta užklausos, kurias žmonės mato ekrane. Jau išduoti prieigos raktai galioja toliau.
tutorial-switch-on = Sutinku, įjungti
tutorial-switch-off = Išjungti
flash-tutorial-on = Pamokos dialektas įjungtas.
flash-tutorial-off = Pamokos dialektas išjungtas.
