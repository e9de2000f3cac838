# Ką rado automatinės programėlės patikros. Kiekvienas sakinys stovi atskiroje eilutėje; datos rašomos
# metai-mėnuo-diena.

check-proof-in-dns = TXT įrašas { $record } rastas.
check-proof-in-file = Failas { $address } rastas, jo turinys teisingas.
check-proof-not-in-dns = Nė vienas { $domain } TXT įrašas neprasideda countersign-verification=. Turi būti: { $record }.
check-proof-other-in-dns = TXT įraše yra { $found }. Turi būti: { $record }.
check-proof-other-in-file = Faile { $address } yra „{ $found }“. Jame turi būti tik: { $record }.

check-no-servers = Už grįžimo adresų nėra serverio: jie veda į programėlę žmogaus įrenginyje arba jų nėra.

check-not-an-address = { $address } nėra adresas, kurį galėtume patikrinti. Naudokite https, vardą ir kelią.
check-no-such-name = Vardo { $host } DNS nėra arba jis neturi adreso.
check-name-server-failed = Vardų serveriai apie { $host } neatsakė. Bandysime dar kartą.
check-not-public = { $host } veda į adresą, kurio viešajame internete nėra. Ten nesijungiame.
check-port-not-allowed = Adrese nurodytas prievadas { $port }. Tikriname tik 80 ir 443 prievadus.
check-no-connection = { $host } neatsako arba ryšys nutrūko. Bandysime dar kartą.
check-timed-out = { $host } neatsakė laiku. Bandysime dar kartą.
check-no-tls = { $host } nepalaiko TLS 1.2 ar 1.3.
check-not-http = { $host } atsako ne HTTP arba jo antraštės per ilgos.

check-not-https = { $address } nešifruojamas. Naudokite https.
check-tls-version = Ryšiui naudojama TLS { $version }.
check-chain-trusted = Sertifikatą išdavė tarnyba, kuria naršyklės pasitiki.
check-chain-self-signed = Sertifikatas pasirašytas pats savimi. Gaukite sertifikatą iš tarnybos, kuria naršyklės pasitiki.
check-chain-unknown = Sertifikatą išdavė tarnyba, kurios naršyklės nepažįsta, arba trūksta tarpinio sertifikato. Siųskite visą grandinę.
check-chain-out-of-time = Tarpinis sertifikatas nebegalioja arba dar negalioja. Siųskite dabartinę grandinę.
check-chain-broken = Sertifikatas netinkamas: jis sugadintas, skirtas kitam tikslui arba pasirašytas būdu, kuriuo nebepasitikima.
check-certificate-expired = Sertifikatas nustojo galioti { $date }. Atnaujinkite jį.
check-certificate-not-yet = Sertifikatas galios tik nuo { $date }.
check-certificate-ends-soon = Sertifikatas greitai nustos galioti: { $date }. Atnaujinkite jį.
check-certificate-until = Sertifikatas galioja iki { $date }.
check-host-covered = Sertifikatas skirtas { $host }.
check-host-not-covered = Sertifikatas skirtas ne { $host }, o: { $names }.
check-hsts-there = Naršyklėms nurodyta naudoti tik https (HSTS).
check-hsts-missing = Naršyklėms nenurodyta naudoti tik https. Siųskite antraštę Strict-Transport-Security.

check-page-answers = { $address } atsako būsena { $status }.
check-page-fails = { $address } atsako būsena { $status }.
check-page-redirects = { $address } nukreipia į { $target }. Mes ten neiname; nurodykite galutinį adresą.
check-page-readable = { $address } galima perskaityti.
check-page-empty = { $address } tuščias arba tekstą rodo tik su scenarijais.
check-page-not-readable = { $address } tipas yra { $type }, naršyklės jo kaip teksto nerodo.
