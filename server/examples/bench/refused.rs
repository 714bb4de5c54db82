//! What a flood of wrong passwords leaves behind: memory.

use futures_util::future::try_join_all;

use crate::{
    client::Client,
    driver::Console,
    process::{Folder, Server},
};

/// Clients that try at the same time.
const AT_ONCE: usize = 20;

/// Megabytes (PSS) after so many wrong passwords, each from an address of its own, twenty at a time.
pub(crate) async fn memory(folder: &Folder, count: usize) -> Result<f64, String> {
    let mut server = Server::start_behind_proxy(folder)?;
    let token = server.set_up_token()?;
    server.until_ready().await?;
    Console::begin(&server, &token).await?;
    let port = server.port;
    let clients = (0..AT_ONCE).map(|client| async move {
        let mut connection = Client::connect(port).await?;
        for at in 0..count / AT_ONCE {
            let address = format!("198.18.{client}.{}", at % 250);
            let status = connection.guess(port, &address).await?;
            if !matches!(status, 303 | 503) {
                return Err(format!("status {status} for a wrong password"));
            }
        }
        Ok(())
    });
    try_join_all(clients).await?;
    let memory = server.pss()?;
    server.stop().await?;
    Ok(memory)
}
