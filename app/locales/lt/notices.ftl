# Sakiniai puslapio viršuje. Jie sako, ką daryti, ir niekada – kuris iš dviejų dalykų buvo neteisingas.

notice-wrong_details = Su šiais duomenimis prisijungti nepavyko. Patikrinkite juos ir bandykite dar kartą.
notice-paused-login = Prisijungti šiuo vardu laikinai negalima. Vėl bus galima nuo { $time }.
notice-paused-code = Kodai laikinai nepriimami. Vėl bus galima nuo { $time }. Niekas neatskleista ir pinigai nepervesti.
notice-wrong_code = Kodas netiko. Įveskite naujausią kodą iš programėlės.
notice-wrong_recovery = Kodas netiko. Patikrinkite jį arba naudokite kitą: kiekvienas tinka tik kartą.
notice-tries_left =
    { $tries ->
        [one] Liko { $tries } bandymas, paskui teks palaukti.
        [few] Liko { $tries } bandymai, paskui teks palaukti.
       *[other] Liko { $tries } bandymų, paskui teks palaukti.
    }
notice-no-money = Pinigai nepervesti.
notice-choose_account = Pasirinkite bent vieną sąskaitą arba atšaukite.
notice-choose_payer = Pasirinkite sąskaitą, iš kurios mokėsite, arba atšaukite.
notice-missing-username = Įveskite prisijungimo vardą arba el. pašto adresą.
notice-missing-password = Įveskite slaptažodį.
notice-missing-code = Įveskite kodą iš autentifikavimo programėlės.
notice-missing-recovery_code = Įveskite atkūrimo kodą.
notice-missing-other = Kažkas neužpildyta. Peržiūrėkite puslapį ir siųskite dar kartą.
notice-send_again = Šis puslapis buvo ilgai atidarytas arba atėjo iš kitur. Nieko nepadaryta. Peržiūrėkite ir siųskite dar kartą.
notice-already_done = Šį žingsnį jau atlikote. Dabar esate čia.
notice-too_little_money = Toje sąskaitoje nepakanka pinigų. Pasirinkite kitą arba atšaukite. Pinigai nepervesti.
