//! What an operator's other programs see of a server: health and metrics.

use super::{Folder, free_port, run, serve::Server, wire};

#[test]
fn a_server_that_is_ready_says_so_to_healthcheck_and_one_that_is_not_there_does_not() {
    let folder = Folder::new();
    let nobody = format!("127.0.0.1:{}", free_port());
    let ended = run(&["healthcheck", "--listen", &nobody]);
    assert_eq!(ended.code, 2);
    assert!(
        ended.err.contains(&nobody) && ended.err.contains("does not answer"),
        "{}",
        ended.err
    );
    let server = Server::start(&folder, &[]);
    for host in ["127.0.0.1", "0.0.0.0"] {
        let ended = run(&[
            "healthcheck",
            "--listen",
            &format!("{host}:{}", server.port),
        ]);
        assert_eq!(ended.code, 0, "{}", ended.err);
        assert_eq!(ended.out.trim(), "ready");
    }
}

/// How long a client secret is good for is a figure to set an alarm on, from the first minute on.
#[test]
fn the_end_of_a_secret_is_measured() {
    let folder = Folder::new();
    let server = Server::start(&folder, &[]);
    let cookie = Server::cookie(&server.set_up());
    let form = r#"{"client_id":"the-client.of.a.test","client_secret":"GOCSPX-of-a-test-0123456789","client_secret_expires_on":"2199-12-31"}"#;
    let port = server.port;
    let saved = wire::send(
        port,
        format!(
            "PUT {} HTTP/1.1\r\nhost: localhost:{port}\r\norigin: http://localhost:{port}\r\n\
             x-sso-console: 1\r\nif-match: \"0\"\r\ncookie: {cookie}\r\n\
             content-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{form}",
            api::paths::connection(api::Provider::Google),
            form.len()
        )
        .as_bytes(),
    );
    assert_eq!(saved.status, 200, "{}", saved.body);
    assert_eq!(server.program.stop().code, 0);
    let metrics = free_port();
    let listen = format!("127.0.0.1:{metrics}");
    let server = Server::start(&folder, &["--metrics-listen", &listen]);
    let wanted = "sso_secret_expires_in_seconds{provider=\"google\"} ";
    let mut page = wire::get(metrics, "/metrics", "").body;
    for _ in 0..3000 {
        if page.contains(wanted) {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(10));
        page = wire::get(metrics, "/metrics", "").body;
    }
    let line = page.lines().find_map(|line| line.strip_prefix(wanted));
    let seconds: f64 = line
        .unwrap_or_else(|| panic!("{page}"))
        .parse()
        .expect("a number");
    // Over a hundred years.
    assert!(seconds > 3e9, "{seconds}");
    assert!(!page.contains("GOCSPX"), "{page}");
    assert_eq!(server.program.stop().code, 0);
}

#[test]
fn the_metrics_have_a_port_of_their_own() {
    let folder = Folder::new();
    let metrics = free_port();
    let listen = format!("127.0.0.1:{metrics}");
    let server = Server::start(&folder, &["--metrics-listen", &listen]);
    assert_eq!(server.set_up().status, 201);
    let form = "email=ada%40northwind.example&password=wrong";
    let kind = "application/x-www-form-urlencoded";
    assert_eq!(
        wire::post(server.port, api::paths::AUTH_PASSWORD, kind, form).status,
        303
    );
    let browser = format!("__Host-sso_browser={}", "B".repeat(43));
    wire::get(server.port, "/auth/okta/start", &browser);
    let page = wire::get(metrics, "/metrics", "");
    assert_eq!(page.status, 200);
    for line in [
        "sso_passwords_total{outcome=\"refused\"} 1",
        "sso_sign_ins_total{provider=\"okta\",outcome=\"refused\",cause=\"connection_off\"} 1",
    ] {
        assert!(page.body.contains(line), "{}", page.body);
    }
    assert!(!page.body.contains("northwind"), "{}", page.body);
    let elsewhere = wire::get(server.port, "/metrics", "");
    assert!(
        !elsewhere.body.contains("sso_") && elsewhere.status != 200,
        "{}",
        elsewhere.body
    );
    assert_eq!(wire::get(metrics, "/api/session", "").status, 404);
}
