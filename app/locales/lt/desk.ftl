# Clients, their suspension and the audit trail, for admins; and what a team sees of a suspension.
# $app is an app's name, $name is to be typed, $time is a day with its time, $count a number.

clients-title = Klientai
clients-search = Pavadinimas arba kliento id
clients-none = Tokių klientų nėra.
clients-empty = Dar nėra nė vieno kliento.
clients-first = Atgal į pirmą puslapį

client-state = Būsena
client-active = Veikia
client-suspended = Išjungtas
client-to-suspend = Išjungti…
client-to-resume = Vėl įjungti…
client-off-since = Išjungta
client-off-unsaid = Priežastis neužrašyta.
client-held = Ką jis turi dabar
client-held-off = Ką jis turi; kol išjungtas, niekas iš to neveikia
client-people = Žmonės
client-permissions = Leidimai
client-access-tokens = Prieigos raktai
client-refresh-tokens = Atnaujinimo raktai
client-facts = Kas tai
client-since = Užregistruotas
client-dialects = Dialektai
client-grants = Teisių rūšys
client-auth = Kuo įrodo tapatybę
client-pkce = Kodo iššūkis
client-app = Programėlė ir komanda
client-app-name = Programėlė
client-no-app = Šį klientą užregistravo operatorius; komandos jis neturi.
client-sibling = Kitas jos klientas
client-review = Paskutinė peržiūra
client-no-secrets = Slapto rakto neturi.
client-has-key = Turi raktą ir juo pasirašo užklausas.
client-history = Kas vyko
client-to-audit = Viskas audito žurnale

suspend-heading = Išjungti „{ $app }“
suspend-effect = Ką tai paliečia
suspend-lead = Kai paspausite mygtuką, šiam klientui nebebus nieko suteikiama, o jo raktai nebebus priimami per vieną sekundę. Komanda gaus laišką su jūsų nurodyta priežastimi.
suspend-mode = Kas bus su žmonių leidimais
suspend-why = Kodėl
suspend-choose = Pasirinkite
suspend-reason = Priežastis
suspend-reason-hint = Savais žodžiais, nuo 20 iki 2000 ženklų. Ją skaitys komanda.
suspend-name = Programėlės pavadinimas
suspend-name-hint = Kad neapsiriktumėte, įrašykite { $name }.
suspend-button = Išjungti
suspend-is-off = Šis klientas jau išjungtas.
suspend-typed = Ką parašėte
resume-heading = Vėl įjungti „{ $app }“
resume-lead-pause = Veikimas buvo pristabdytas: žmonių leidimai ir dar nepasibaigę raktai iškart vėl veiks. Komanda gaus laišką su jūsų nurodyta priežastimi.
resume-lead-end = Žmonių leidimai buvo nutraukti visam laikui ir nebegrįš: žmonių bus klausiama iš naujo. Prisijungimo duomenys vėl veiks. Komanda gaus laišką su jūsų nurodyta priežastimi.
resume-reason = Priežastis
resume-button = Vėl įjungti
resume-is-on = Šis klientas veikia.

admin-word-mode-pause = Pristabdyti: leidimai lieka ir vėl veiks, kai programėlė bus įjungta.
admin-word-mode-end = Nutraukti: leidimai ir visi raktai atšaukiami visam laikui.
admin-word-suspend-policy = Pažeidė mūsų taisykles
admin-word-suspend-security = Kelia pavojų žmonėms
admin-word-suspend-licence = Baigėsi licencija
admin-word-suspend-requested = Paprašė pati komanda
admin-word-suspend-other = Kita
admin-word-role-user = klientas
admin-word-role-developer = kūrėjas
admin-word-role-admin = administratorius
admin-word-break-missing = Dingo įvykis:
admin-word-break-changed = Pakeistas įvykis:
admin-word-break-inserted = Įvykis pridėtas vėliau:
admin-word-break-seal_changed = Pakeistas antspaudas:

audit-nav = Auditas
audit-title = Audito žurnalas
audit-none = Nieko tokio nevyko.
audit-actor = Kas
audit-actor-hint = Prisijungimo vardas arba id
audit-action = Ką padarė
audit-object = Su kuo
audit-object-hint = Kliento, programėlės arba bylos id
audit-detail = Išsamiau
audit-reference = Nuoroda
audit-open = Atverti puslapį
audit-older = Ankstesni įvykiai
audit-newest = Atgal į naujausius
audit-unverified = Dar nepatikrinta
audit-unverified-text = Serveris ką tik paleistas ir dar nepatikrino grandinės. Tai padarys per minutę.
audit-verified = Patikrinta
audit-verified-up-to = Visi įvykiai iki { $time } yra tokie, kokie buvo užrašyti.
audit-verified-count =
    { $count ->
        [one] Patikrintas { $count } antspaudas.
        [few] Patikrinti { $count } antspaudai.
       *[other] Patikrinta { $count } antspaudų.
    }
audit-broken = Grandinė nutrūkusi
audit-broken-at = Žurnalas suklastotas: { $time }.
audit-export = Išsinešti
audit-export-text = Failas su viskuo, ką palieka filtrai, nuo seniausio. Kas jį išsineša, užrašoma žurnale. Lentelėje tekstai, kuriuos skaičiuoklė palaikytų formulėmis, prasideda apostrofu; eilutės yra tikslios.
audit-export-csv = Lentelė (CSV)
audit-export-json = Eilutės (JSON)

off-heading-sandbox = Išjungėme šios programėlės bandomąjį klientą
off-heading-live = Išjungėme šios programėlės tikrąjį klientą
off-works = Jo užklausos nebepriimamos. Užklausų žurnalas, prisijungimo duomenys ir šis puslapis jums lieka atviri. Jei manote, kad klystame, atsakykite į mūsų laišką.
