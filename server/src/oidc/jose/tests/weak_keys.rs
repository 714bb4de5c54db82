//! Keys that are none.

use super::*;

#[test]
fn weak_and_broken_keys_are_no_keys() {
    let (n, e) = RSA.rsa_parts();
    let with = |change: &dyn Fn(&mut Vec<u8>)| {
        let mut n = n.clone();
        change(&mut n);
        n
    };
    let three = [3];
    for (what, n, e) in [
        ("512 bits", n[..64].to_vec(), e.clone()),
        ("1024 bits", n[..128].to_vec(), e.clone()),
        ("2047 bits", with(&|n| n[0] &= 0x7f), e.clone()),
        ("8200 bits", [n.repeat(4), vec![1]].concat(), e.clone()),
        ("an even modulus", with(&|n| n[255] &= 0xfe), e.clone()),
        ("a zero in front", [&[0], &n[..]].concat(), e.clone()),
        ("no modulus", Vec::new(), e.clone()),
        ("no exponent", n.clone(), Vec::new()),
        ("e = 1", n.clone(), vec![1]),
        ("e = 2", n.clone(), vec![2]),
        ("e = 65536", n.clone(), vec![1, 0, 0]),
        ("a long exponent", n.clone(), vec![1, 0, 0, 0, 1]),
    ] {
        assert!(Key::rsa(None, &n, &e).is_none(), "{what}");
    }
    assert!(Key::rsa(None, &n, &three).is_some());
    let (x, y) = EC.ec_parts();
    for (what, x, y) in [
        ("off the curve", x.clone(), x.clone()),
        ("the origin", vec![0; 32], vec![0; 32]),
        ("31 bytes", x[1..].to_vec(), y.clone()),
        ("33 bytes", [&[0], &x[..]].concat(), y.clone()),
        ("no y", x.clone(), Vec::new()),
    ] {
        assert!(Key::p256(None, &x, &y).is_none(), "{what}");
    }
}
