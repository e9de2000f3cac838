# Puslapiai, kurie yra tik demonstracijoje.

demo-title = Demonstracija
demo-heading = Demonstracija vienu žvilgsniu
demo-lead = Išgalvoti žmonės, netikri pinigai. Viskas čia vieša ir dingsta ištrynus duomenų aplanką.
demo-walk = Kur spausti
demo-shop = Demonstracinė parduotuvė
demo-shop-note = Įsidėkite ką nors į krepšelį ir mokėkite iš piniginės. Prisijungti ir patvirtinti būsite atsiųsti čia.
demo-market = Demonstracinis turgus
demo-market-note = Parašykite užsakymą pardavėjui. Niekas nesijungia: turgus turi nuosavą prieigos raktą ir jį atnaujina jums matant.
demo-authenticator = Autentifikatorius
demo-authenticator-note = Kodai, kuriuos rodytų telefonas.
demo-mailbox = Pašto dėžutė
demo-mailbox-note = Laiškai, kurie būtų išsiųsti.
demo-portal = Kūrėjų portalas
demo-portal-note = Registruokitės bet kokiu adresu; kodas ateis į aukščiau esančią pašto dėžutę.
demo-people = Žmonės
demo-username = Prisijungimo vardas
demo-password = Slaptažodis
demo-role = Vaidmuo
demo-code = Kodas dabar
demo-role-user = Klientas
demo-role-developer = Kūrėjas
demo-role-admin = Administratorius
demo-seconds =
    { $seconds ->
        [one] liko { $seconds } sekundė
        [few] liko { $seconds } sekundės
       *[other] liko { $seconds } sekundžių
    }
demo-next-code = Rodyti dabartinius kodus
demo-authenticator-title = Autentifikatorius
demo-authenticator-heading = Šios akimirkos kodai
demo-authenticator-lead = Iš tikrųjų juos rodo telefono programėlė. Kiekvienas tinka tik kartą ir keičiasi kas 30 sekundžių.
demo-mailbox-title = Pašto dėžutė
demo-mailbox-heading = Laiškai
demo-mailbox-lead = Ką serveris būtų išsiuntęs paštu.
demo-mailbox-empty = Laiškų dar nėra. Jie atsiras, kai įvyks kas nors, apie ką pranešama.
demo-mail-to = Kam: { $address }
demo-back = Atgal į demonstraciją
demo-no-code = Kodo nėra
