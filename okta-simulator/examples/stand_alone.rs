//! A practice Okta by itself, with everybody of Northwind: `cargo run -p okta-simulator --example stand_alone`.

use okta_simulator::{Config, NewApp, PracticeOkta, northwind};

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let port = std::env::args()
        .nth(1)
        .and_then(|text| text.parse().ok())
        .unwrap_or(8086);
    let config = Config::seeded(1).listen(([127, 0, 0, 1], port).into());
    let okta = PracticeOkta::start(config).await?;
    okta.add_people(northwind::people());
    let app = NewApp::named("Example app")
        .sign_in_redirect("http://127.0.0.1:8080/callback")
        .everyone();
    let (client_id, client_secret) = okta.create_web_app(app);
    println!("Admin page     {}", okta.admin_url());
    println!(
        "Issuers        {}  {}",
        okta.issuer_org(),
        okta.issuer_default()
    );
    println!("Client ID      {client_id}");
    println!("Client secret  {client_secret}");
    tokio::signal::ctrl_c().await
}
