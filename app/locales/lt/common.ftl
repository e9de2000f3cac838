# Tai, ką rodo kiekvienas puslapis.
# A sentence names each variable once.
# $app – programėlės vardas, $host – svetainės vardas, $sum – jau lietuviškai užrašyta suma.

-product = Countersign

title = { $page } – { -product }
title-error = Klaida: { $page } – { -product }

skip = Pereiti prie turinio
languages = Kalba
footer-help = Pagalba
footer-privacy = Privatumas
new-tab = atsidarys naujoje kortelėje
reference = Įvykio nr. { $id }
sandbox = Bandomoji aplinka
sandbox-line = Netikri pinigai ir išgalvoti žmonės.

kind-access = Prieigos prašymas
kind-payment = Mokėjimo prašymas
kind-receipt = Patvirtinimas
kind-stopped = Prašymas sustabdytas
finish-before = Užbaikite iki { $time }
utc = { $time } UTC

summary-title = Yra klaida
error-prefix = Klaida:
note = Pastaba
moves-money = Perveda pinigus

cancel = Atšaukti
cancel-return = Atšaukti ir grįžti į „{ $app }“
back-to = Grįžti į „{ $app }“
back-to-app = Grįžti į programėlę
checking = Tikrinama…
copy = Kopijuoti
copied = Nukopijuota

countdown-left = Šiam puslapiui liko:
countdown-minute = Šiam puslapiui liko viena minutė. Paspauskite „Likti čia“ ir turėsite daugiau laiko.
countdown-seconds = Šiam puslapiui liko 15 sekundžių.
countdown-ended = Šio puslapio laikas baigėsi. Nieko nepadaryta.
countdown-stay = Likti čia
countdown-stayed = Dabar turite daugiau laiko.
offline = Nėra interneto ryšio. Niekas neišsiųsta.
language-name-en = anglų
language-name-lt = lietuvių
language-name-ru = rusų
