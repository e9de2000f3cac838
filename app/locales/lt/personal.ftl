# Ką programėlė gali sužinoti apie žmogų ir jo pinigines; taip pat kaip permissions.ftl.

can-numbers = Jus atpažinti
can-numbers-details = Numerį, kuris žymi jus, ir numerį, kuris žymi jūsų piniginę. Daugiau apie jus jie nieko nesako.
can-email = Matyti el. pašto adresą
can-email-details = Adresą, kurį čia patvirtinote.
can-phone = Matyti telefono numerį
can-phone-details = Numerį, kurį čia patvirtinote.
can-full_name = Matyti vardą ir pavardę
can-full_name-details = Kaip parašyta jūsų dokumentuose.
can-personal_code = Matyti pilietybę ir asmens kodą
can-personal_code-details = Kaip parašyta jūsų dokumentuose.
can-address = Matyti adresą
can-address-details = Šalį, miestą, gatvę ir pašto kodą.
can-date_of_birth = Matyti gimimo datą
can-date_of_birth-details = Dieną, mėnesį ir metus.
can-gender = Matyti lytį
can-gender-details = Kaip parašyta jūsų dokumentuose.
can-identification_level = Matyti, kaip gerai jus pažįstame
can-identification_level-details = Ar tikrinome jūsų dokumentus ir kokiu būdu. Pačių dokumentų nematys.
can-exposed_persons = Matyti, ar einate viešas pareigas
can-exposed_persons-details = Jūsų ir jums artimų žmonių viešas pareigas, apie kurias žinoti mus įpareigoja įstatymas, su vardais.
can-user_info = Matyti, kaip čia esate vadinami
can-user_info-details = Kitiems rodomą vardą, kalbą ir ar esate žmogus, ar įmonė.
can-wallet_list = Matyti, kurias pinigines pasirinkote
can-wallet_list-details = Jūsų pasirinktų sąskaitų numerį, pavadinimą, rūšį ir valiutą.
can-sufficient_balance = Klausti, ar užtenka pinigų
can-sufficient_balance-details = Apie savo nurodytą sumą sužinos „taip“ arba „ne“. Klausdama pakankamai dažnai, sužinos, kiek pinigų yra.
can-recent_transfers = Matyti naujausius pervedimus
can-recent_transfers-details = Paskutinių 90 dienų sumas, datas, mokėjimų paskirtis, kitos pusės vardus ir sąskaitų numerius.

can-offline = Ir tada, kai programėle nesinaudojate, kol atšauksite.
can-absent = Šių duomenų iš jūsų dar neturime ir turime patys jais įsitikinti. Programėlė juos gaus, kai turėsime.
can-asked = Šių duomenų iš jūsų dar neturime. Paprašysime jų prieš atiduodami programėlei.

# Registracija, kai už adresą laiduoja programėlė
vouched-title = Atidaryti paskyrą
vouched-heading = Atidaryti paskyrą
vouched-lead = { $app } jau patvirtino jūsų adresą, todėl dar kartą tvirtinti nereikia.
vouched-lead-phone = { $app } jau patvirtino jūsų telefono numerį, todėl dar kartą tvirtinti nereikia.
vouched-email = Jūsų el. paštas
vouched-email-note = Juo prisijungsite.
vouched-phone = Jūsų telefono numeris
vouched-phone-note = Juo prisijungsite, pradėdami pliuso ženklu.
vouched-terms = Perskaičiau { $link }.
vouched-button = Atidaryti paskyrą
vouched-over-title = Ši nuoroda nebegalioja
vouched-over = Ji tinka vienai registracijai ir galioja 15 minučių. Grįžkite į programėlę ir pradėkite iš naujo.
welcome-title = Jūsų paskyra atidaryta
welcome-lead = Prisijungsite kaip { $username }. Du dalykai rodomi tik dabar.
welcome-app = Nustatykite kodų programėlę
welcome-codes = Užsirašykite atkūrimo kodus
welcome-codes-note = Kiekvienas tinka vieną kartą – tai dienai, kai pamesite telefoną.
welcome-back = Tada grįžkite į { $app }.
complaint-contact-other-address = Ši nuoroda skirta kitam adresui. Grįžkite į programėlę ir pradėkite iš naujo
complaint-contact-address-known = Paskyra su šiuo adresu jau yra. Grįžkite į programėlę ir prisijunkite

# Dokumentacija
docs-wallet = Piniginės sąsaja
docs-wallet-heading = Pasirašytos užklausos, žmonės, piniginės ir mokėjimai
docs-wallet-lead = Kaip „Paysera Wallet API“: kaip pasirašyti, kaip paprašyti žmogaus, kaip gauti mokėjimą, ir ištekliai adresu `/rest/v1`. Tos sąsajos bibliotekos veikia čia, pakeitus du jų adresus.
docs-wallet-signing = Užklausos parašas
docs-wallet-signing-text = Kiekviena užklausa į `/rest/v1` ir `/oauth/v1` turi antraštę `Authorization: MAC` su `id`, `ts`, `nonce`, `mac` ir `ext`, kiekvieną dvigubose kabutėse. `id` – jūsų `client_id`, o raktas – jūsų MAC raktas; arba `id` – prieigos raktas, o raktas – su juo gautas `mac_key`. Raktas naudojamas kaip tekstas, koks yra.
docs-wallet-signing-lines = `mac` – HMAC-SHA-256 (base64) iš septynių eilučių, kurių kiekviena baigiasi eilutės pabaigos ženklu: `ts`, `nonce`, metodas, kelias su užklausos dalimi tiksliai taip, kaip siunčiami, serverio vardas, prievadas, `ext`. Jei yra turinys, `ext` turi `body_hash`: jo SHA-256 (base64), užkoduotą procentais. Be turinio `ext` tuščias arba praleidžiamas.
docs-wallet-signing-once = `ts` nuo mūsų laikrodžio gali skirtis { $skew }; `/rest/v1/server` mūsų laiką pasako visiems. `nonce` tinka vieną kartą: siųsdami dar kartą, pasirašykite iš naujo.
docs-sample-signed = Pasirašyti ir kreiptis („Python“)
docs-wallet-people = Žmogaus leidimas
docs-wallet-people-text = Nusiųskite naršyklę į `/frontend/en/oauth` (kitomis kalbomis `lt` ir `ru`; `/frontend/oauth` seka naršyklės kalbą) ir iškeiskite grįžusį kodą.
docs-sample-signed-person = Paprašyti leidimo ir skaityti
docs-wallet-people-tokens = `refresh_token` pratęsia prieigos raktą, su tuo pačiu arba siauresniu `scope`. `DELETE /oauth/v1/token` baigia tai, ką žmogus leido; kurį – sako `access_token` užklausos dalyje, nebent pasirašo pats prieigos raktas. Į pasibaigusį atsakoma 400 `invalid_grant` ir `Token has expired`.
docs-wallet-paid = Gauti mokėjimą
docs-wallet-paid-text = Sukurkite mokėjimą ir nusiųskite žmogų į jo puslapį; su `/frontend/transaction/confirm-with-oauth/KEY` ir pirmesne užklausos dalimi iškart po to paprašoma leidimo. Pinigai jūsų, kai patvirtinate.
docs-sample-signed-payment = Mokėjimas nuo užsakymo iki pinigų
docs-wallet-paid-reserved = `new` laukia žmogaus; `reserved` laiko pinigus { $days } dienų, jei nenurodėte kitaip; `PUT …/confirm` juos paima, o su kainų sąrašu – ir mažiau, `DELETE` grąžina. Kas netinka būsenai, yra 409 `invalid_state`. Kiekvienas `POST` sukuria atskirą mokėjimą.
docs-wallet-paid-callbacks = Jei yra `callback_uri`, pranešame, kas įvyko be jūsų: `event` ir jo parašas `sign`, RSA raktu iš `/publickey` su SHA-256. Atsakykite 200; kitaip pranešimas kartojamas tris dienas.
docs-wallet-scopes = Leidimai
docs-wallet-scopes-text = Ką žmonės perskaito, kai kiekvieno jų prašote. Be jokio leidimo prieigos raktas žino du numerius: žmogaus ir jo piniginės. Kiti žodžiai – `invalid_scope`.
docs-wallet-suffixes = Priesagos
docs-wallet-suffixes-offline = `X_offline`: programėlė gali skaityti X savo vardu, be prieigos rakto, kol žmogus atšauks arba baigsis laikas. Žmogų ar piniginę nurodykite numeriu. Gaunama tik su `authorization_code`.
docs-wallet-suffixes-optional = `X_optional`: žmogus X dar gali neturėti. Be priesagos po kodo paprašome to, kam užtenka žmogaus žodžio: vardo, gimimo datos, lyties, adreso, viešųjų pareigų. El. pašto adresu, telefono numeriu ir asmens kodu turime įsitikinti patys; tai pasako prašymo puslapis. Kol duomenų nėra, skaitant nieko nerandama. Abi priesagos: `X_offline_optional`.
docs-wallet-resources = Žmonės ir piniginės
docs-wallet-resources-text = `me` yra prieigos rakto žmogus; numeriai sveikieji ir nesikeičia. Piniginė yra viena vieno žmogaus sąskaita, o `/rest/v1/wallet/me` – piniginė iš pasirinktųjų. Ko nėra, praleidžiama, niekada ne null.
docs-wallet-resources-statements = Išrašas pateikiamas nuo naujausio, po { $usual }, daugiausia { $limit }; `from` ir `to` yra sekundės ir abi priklauso laikotarpiui. `recent_statements` mato paskutines { $days } dienų.
docs-wallet-resources-refused = Be leidimo atsakoma `forbidden` – tiek apie tą, kuris nieko neleido, tiek apie tą, kurio nėra. Ką skaityti galima, bet ko nėra, – `not_found`.
docs-wallet-contact = Laidavimas už adresą
docs-wallet-contact-text = Jei dėl to susitarėme, programėlė gali laiduoti už žmogaus adresą: `POST /rest/v1/contact-token` su `email`, `phone` arba abiem, o tada nusiųsti žmogų į `/signup?contact_token=…`. Jis pasirenka vardą ir slaptažodį ir nieko dar kartą netvirtina. Prisijungia el. pašto adresu, o be jo – telefono numeriu.
docs-wallet-contact-limits = Raktas tinka vienai registracijai, galioja { $lifetime } ir tik tam adresui. Programėlė per dieną gauna { $client } raktų, adresas – { $address }; po to atsakoma `rate_limit_exceeded`.
docs-wallet-contact-status = `status` yra `active`. Raktas baigiasi panaudotas, pasibaigus laikui arba programėlei netekus teisės laiduoti; tai pasako registracijos puslapis. Ar kas nors tą adresą jau turi, nesakoma.
