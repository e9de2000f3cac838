# Страницы, которые есть только в демонстрации.

demo-title = Демонстрация
demo-heading = Демонстрация в общих чертах
demo-lead = Вымышленные люди, ненастоящие деньги. Всё здесь открыто и исчезнет вместе с папкой данных.
demo-walk = Куда нажимать
demo-shop = Демонстрационный магазин
demo-shop-note = Положите что-нибудь в корзину и заплатите из кошелька. Для входа и подтверждения вас направят сюда.
demo-market = Демонстрационный рынок
demo-market-note = Напишите заказ продавцу. Входить никому не нужно: у рынка есть собственный токен, и он обновляет его у вас на глазах.
demo-authenticator = Аутентификатор
demo-authenticator-note = Коды, которые показал бы телефон.
demo-mailbox = Почтовый ящик
demo-mailbox-note = Письма, которые были бы отправлены.
demo-portal = Портал разработчиков
demo-portal-note = Зарегистрируйтесь с любым адресом; код придёт в почтовый ящик выше.
demo-people = Люди
demo-username = Логин
demo-password = Пароль
demo-role = Роль
demo-code = Код сейчас
demo-role-user = Клиент
demo-role-developer = Разработчик
demo-role-admin = Администратор
demo-seconds =
    { $seconds ->
        [one] осталась { $seconds } секунда
        [few] осталось { $seconds } секунды
       *[other] осталось { $seconds } секунд
    }
demo-next-code = Показать текущие коды
demo-authenticator-title = Аутентификатор
demo-authenticator-heading = Коды на эту минуту
demo-authenticator-lead = На деле их показывает приложение в телефоне. Каждый действует один раз и меняется каждые 30 секунд.
demo-mailbox-title = Почтовый ящик
demo-mailbox-heading = Письма
demo-mailbox-lead = Что сервер отправил бы по почте.
demo-mailbox-empty = Писем пока нет. Они появятся, когда произойдёт то, о чём людям сообщают.
demo-mail-to = Кому: { $address }
demo-back = Назад к демонстрации
demo-no-code = Кода нет
