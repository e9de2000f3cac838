//! Clients as admins see them: the list, and one of them.

use engine::{
    portal::{Place, Refusal},
    review::{ClientQuery, ClientView, ClientsPage},
};
use protocol::ids::ClientId;

use super::portal::visited;
use crate::components::Visitor;

/// One page of the list.
pub async fn clients(query: ClientQuery) -> Result<(Visitor, ClientsPage), Refusal> {
    let (engine, visit) = visited();
    let (person, page) = engine.clients_page(&visit, query).await?;
    Ok((Visitor::of(&person), page))
}

/// A client, for its page and for those that switch it off and on.
pub async fn client(id: ClientId, here: Place) -> Result<(Visitor, ClientView), Refusal> {
    let (engine, visit) = visited();
    let view = engine.client_view(&visit, &id, &here).await?;
    Ok((Visitor::of(&view.person), view))
}
