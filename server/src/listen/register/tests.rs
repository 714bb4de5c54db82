//! Who gives way to whom.

use super::*;

const LIMITS: Limits = Limits {
    all: 8,
    of_client: 4,
    idle: 3,
    heads: 2,
    bodies: 2,
};

#[expect(clippy::unnecessary_wraps, reason = "None would be a trusted proxy")]
fn client(last: u8) -> Option<IpAddr> {
    Some(IpAddr::from([192, 0, 2, last]))
}

fn admitted(register: &Arc<Register>, client: Option<IpAddr>) -> Place {
    match register.admit(client) {
        Admission::Admitted(place) => place,
        Admission::Refused => panic!("refused"),
        Admission::Full => panic!("full"),
    }
}

/// A connection of this client in this state.
fn waiting(register: &Arc<Register>, client: Option<IpAddr>, state: State) -> Place {
    let place = admitted(register, client);
    place.0.enter(state);
    place
}

fn failed(places: &[Place]) -> Vec<bool> {
    places.iter().map(|it| it.0.is_given_up()).collect()
}

#[test]
fn client_at_its_limit_gives_up_its_own_idle_connection() {
    let register = Register::new(LIMITS);
    let other = admitted(&register, client(9));
    let mine = [
        waiting(&register, client(1), State::Body),
        waiting(&register, client(1), State::Idle),
        waiting(&register, client(1), State::Idle),
        waiting(&register, client(1), State::Working),
    ];
    let _new = admitted(&register, client(1));
    assert_eq!(failed(&mine), [false, true, false, false]);
    assert!(!other.0.is_given_up());
}

#[test]
fn client_at_its_limit_without_idle_gives_up_oldest_head_then_body() {
    let register = Register::new(LIMITS);
    let mine = [
        waiting(&register, client(1), State::Body),
        waiting(&register, client(1), State::Sending),
        waiting(&register, client(1), State::Head),
        waiting(&register, client(1), State::Head),
    ];
    let new = [
        waiting(&register, client(1), State::Working),
        waiting(&register, client(1), State::Working),
        waiting(&register, client(1), State::Working),
        waiting(&register, client(1), State::Working),
    ];
    assert_eq!(failed(&mine), [true; 4]);
    assert_eq!(failed(&new), [false; 4]);
}

#[test]
fn client_whose_requests_are_all_worked_on_is_refused() {
    let register = Register::new(LIMITS);
    let working: Vec<Place> = (0..LIMITS.of_client)
        .map(|_| waiting(&register, client(1), State::Working))
        .collect();
    assert!(matches!(register.admit(client(1)), Admission::Refused));
    assert_eq!(failed(&working), [false; 4]);
    admitted(&register, client(2));
}

#[test]
fn slow_bodies_of_one_client_give_up_the_oldest_of_them() {
    let register = Register::new(LIMITS);
    let other = waiting(&register, client(9), State::Body);
    let slow = [
        waiting(&register, client(1), State::Body),
        waiting(&register, client(1), State::Body),
        waiting(&register, client(1), State::Body),
    ];
    assert_eq!(failed(&slow), [true, false, false]);
    let slow = [
        waiting(&register, client(2), State::Head),
        waiting(&register, client(2), State::Head),
        waiting(&register, client(2), State::Head),
    ];
    assert_eq!(failed(&slow), [true, false, false]);
    assert!(!other.0.is_given_up());
}

#[test]
fn full_register_gives_up_the_oldest_idle_connection() {
    let register = Register::new(LIMITS);
    let mut all = vec![
        waiting(&register, client(1), State::Working),
        waiting(&register, client(2), State::Idle),
        waiting(&register, client(3), State::Idle),
    ];
    for last in 4..9 {
        all.push(waiting(&register, client(last), State::Head));
    }
    let _new = admitted(&register, client(20));
    assert_eq!(failed(&all)[..3], [false, true, false]);
    assert_eq!(failed(&all)[3..], [false; 5]);
}

#[test]
fn full_register_without_idle_takes_from_the_client_with_the_most() {
    let register = Register::new(LIMITS);
    let others: Vec<Place> = (2..7)
        .map(|last| waiting(&register, client(last), State::Head))
        .collect();
    let most = [
        waiting(&register, client(1), State::Body),
        waiting(&register, client(1), State::Body),
        waiting(&register, client(1), State::Working),
    ];
    let _new = waiting(&register, client(20), State::Working);
    assert_eq!(failed(&most), [true, false, false]);
    assert_eq!(failed(&others), [false; 5]);
}

#[test]
fn full_register_waits_when_every_request_is_worked_on() {
    let register = Register::new(LIMITS);
    let mut working: Vec<Place> = (1..9)
        .map(|last| waiting(&register, client(last), State::Working))
        .collect();
    assert!(matches!(register.admit(client(20)), Admission::Full));
    working.pop();
    admitted(&register, client(20));
}

#[test]
fn trusted_proxy_has_no_limit_of_its_own() {
    let register = Register::new(LIMITS);
    let all: Vec<Place> = (0..LIMITS.all)
        .map(|_| waiting(&register, None, State::Body))
        .collect();
    assert_eq!(failed(&all), [false; 8]);
    // What a proxy waits with is never given up for others but where it is idle.
    assert!(matches!(register.admit(client(1)), Admission::Full));
    all[3].0.enter(State::Idle);
    admitted(&register, client(1));
    assert!(all[3].0.is_given_up());
}

#[test]
fn addresses_of_one_ipv6_network_count_as_one_client() {
    let register = Register::new(LIMITS);
    let address = |host: u16| Some(IpAddr::from([0x2001, 0xdb8, 0, 1, 0, 0, 0, host]));
    let mine: Vec<Place> = (0..4)
        .map(|host| waiting(&register, address(host), State::Sending))
        .collect();
    let _new = admitted(&register, address(9));
    assert_eq!(failed(&mine), [true, false, false, false]);
    let mapped = Some(IpAddr::from([0, 0, 0, 0, 0, 0xffff, 0xc000, 0x0201]));
    assert_eq!(mapped.map(network), client(1));
}

#[test]
fn places_are_given_back_and_leave_nothing_behind() {
    let register = Register::new(LIMITS);
    for _ in 0..100 {
        let place = waiting(&register, client(1), State::Head);
        place.0.enter(State::Working);
    }
    let open = register.lock();
    assert_eq!((open.count, open.clients.len()), (0, 0));
}
