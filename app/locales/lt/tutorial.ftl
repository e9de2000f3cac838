# Pamokos dialektas: jo jungiklis portale ir kas nutinka atskleistiems raktams.
# $app – pavadinimas.

secret-exposed = Atskleistas
secret-exposed-note = Jis atkeliavo pas mus per naršyklę, kur jį galėjo perskaityti bet kas. Nuo tada jis niekur nepriimamas.
tutorial-heading = Pamokos dialektas
tutorial-is-on = Įjungtas
tutorial-is-off = Išjungtas
tutorial-on-note = Ši programėlė gali kreiptis su `callbackURL` ir gauna `authorizationToken`. Raktas, kurį ji siunčia per naršyklę, iš karto nustoja galioti.
tutorial-off-note = Ši programėlė kreipiasi standartiniais žodžiais. Autorizavimo užklausa su `client_secret` atmetama, o raktas nustoja galioti.
tutorial-to-switch = Pakeisti
tutorial-lead = Šiuo dialektu „{ $app }“ siunčia žmones pas mus su `client_id`, `scope` ir `callbackURL`, gauna `authorizationToken` ir iškeičia jį į `accessToken`. Jis skirtas programėlėms, sukurtoms pagal pamoką, kurių dar negalima pakeisti.
tutorial-weak-heading = Kuo jis silpnas
tutorial-weak-secret = Raktas atskleidžiamas. Kaip mokoma, `client_secret` yra naršyklės adrese, kur jį gali perskaityti istorijos, žurnalai ir kitos svetainės. Ten jo nepaisome, o taip atkeliavęs raktas iš karto nustoja galioti. Iškeitimui jūsų serveriui reikia kito rakto.
tutorial-weak-state = Programėlė neatskiria savo atsakymų nuo suklastotų. Nėra `state`, todėl kas nors gali jūsų naudotojui pakišti savo `authorizationToken`: tada tas žmogus nepastebėdamas naudotųsi svetima pinigine. Vis tiek siųskite `state` ir jį palyginkite: mes jį grąžiname.
tutorial-weak-pkce = Nėra PKCE. Kas pavagia `authorizationToken` ir žino programėlės raktą, gali juo pasinaudoti per trumpą jo galiojimo laiką.
tutorial-in-flight = Išjungus nutrūksta užklausos, kurias žmonės mato ekrane. Jau išduoti prieigos raktai galioja toliau.
tutorial-switch-on = Sutinku, įjungti
tutorial-switch-off = Išjungti
flash-tutorial-on = Pamokos dialektas įjungtas.
flash-tutorial-off = Pamokos dialektas išjungtas.

docs-tutorial = Pamokos dialektas
docs-tutorial-heading = Pamokos piniginė
docs-tutorial-lead = Programėlėms, sukurtoms pagal pamoką. Programėlės savininkas įjungia šį dialektą jos raktų puslapyje; visa kita yra kaip kitur šioje dokumentacijoje, standartiniai žodžiai taip pat veikia.
docs-tutorial-ask = Paprašykite žmogaus
docs-tutorial-ask-text = Siųskite naršyklę su `client_id`, `scope` ir `callbackURL`. Teises galima skirti kableliais. `callbackURL` lyginamas su užregistruotais adresais ženklas po ženklo. Pridėkite neatspėjamą `state`: pamokoje jo nėra, o be jo programėlė neatskiria savo atsakymų nuo suklastotų.
docs-sample-tutorial-ask = Parodyti adresą
docs-tutorial-ask-back = Žmogus prisijungia, pasirenka piniginę ir patvirtina. Naršyklė grįžta su `authorizationToken`, su `iss` ir su `state`, jei jį siuntėte; arba su `error=access_denied`. Abiejų žodynų žodžiai vienoje užklausoje ir bet kuris žodis du kartus atmetami.
docs-tutorial-exchange = Iškeiskite
docs-tutorial-exchange-text = `authorizationToken` yra autorizavimo kodas: galioja vieną kartą, { $code }, ir tik tai programėlei, kuriai duotas. Siųskite jį POST užklausa su programėlės raktu antraštėje arba turinyje. Panaudotas antrą kartą, jis nutraukia viską, kas iš jo gauta.
docs-sample-tutorial-exchange = Iškeisti
docs-sample-tutorial-answer = Atsakymas
docs-tutorial-exchange-errors = Klaidos rašomos abiem būdais: `error` ir `errorCode`, `error_description` ir `errorDescription`. `accessToken` siunčiamas kaip `Authorization: Bearer`, o `refreshToken` – vėliau tokia pat užklausa kaip ši.
docs-tutorial-secret = Jūsų raktas adrese
docs-tutorial-secret-text = Pamokoje `client_secret` taip pat įrašomas į naršyklės adresą. Jį išsaugo istorijos, žurnalai ir kitos svetainės, todėl čia jis nieko neįrodo: kieno bebūtų, taip atkeliavęs raktas iš karto nustoja galioti, o komanda gauna laišką. Kitų dialektų programėles sustabdo puslapis. Iškeitimui jūsų serveriui reikia kito rakto: sukurkite jį portale ir niekada nerašykite į adresą.
docs-tutorial-leaving = Palikite jį
docs-tutorial-leaving-text = Pervadinkite `callbackURL` į `redirect_uri`, o `authorizationToken` į `code`, pridėkite `response_type=code`, `state` ir PKCE, išimkite raktą iš adreso. Tada dialektą išjunkite.
