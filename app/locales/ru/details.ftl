# О чём просят человека, когда это нужно приложению, а у банка этого нет.
# $app – название приложения.

details-title = Не хватает некоторых данных – { $app }
details-heading = Не хватает некоторых данных
details-lead = { $app } просит у вас эти данные, а у нас их ещё нет.
details-there = Теперь есть всё. Продолжайте.
details-note = Мы сохраним их вместе с другими вашими данными, а приложение увидит только то, что вы разрешили. Мы их не проверяли: приложению хватит вашего слова, но документов оно не заменяет.
details-go-on = Сохранить и продолжить

details-full_name = Ваше имя
details-date_of_birth = Ваша дата рождения
details-gender = Ваш пол
details-address = Ваш адрес
details-exposed_persons = Государственная должность

details-field-given_name = Имя
details-field-family_name = Фамилия
details-field-birth_date = Дата рождения
details-field-gender = Пол по документам
details-field-country = Страна
details-field-city = Город
details-field-street = Улица и дом
details-field-post_index = Почтовый индекс
details-field-exposed = Занимаете ли вы или близкий вам человек высокую государственную должность?
details-field-exposed_name = Если да: имя этого человека
details-field-exposed_relation = Кем он вам приходится
details-field-exposed_position = Его должность
details-exposed-note = Например: глава государства, министр, член парламента, судья высшего суда, генерал, директор государственного предприятия. Закон требует, чтобы мы это знали.

details-gender-female = Женский
details-gender-male = Мужской
details-exposed-no = Нет
details-exposed-yes = Да
details-relation-self = Это я
details-relation-spouse = Супруг, супруга или партнёр
details-relation-parent = Отец или мать
details-relation-child = Сын или дочь
details-relation-associate = Деловой партнёр

details-mend-given_name = Введите имя.
details-mend-family_name = Введите фамилию.
details-mend-birth_date = Введите день рождения.
details-mend-gender = Выберите пол по документам.
details-mend-country = Выберите страну.
details-mend-city = Введите город.
details-mend-street = Введите улицу и дом, не более 100 знаков.
details-mend-post_index = Введите почтовый индекс.
details-mend-exposed = Выберите да или нет.
details-mend-exposed_name = Введите имя человека, который занимает должность.
details-mend-exposed_relation = Выберите, кем вам приходится этот человек.
details-mend-exposed_position = Введите должность.
