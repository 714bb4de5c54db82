//! Values that want out of their place. In whatever place they stand, the page keeps its shape.

use api::paths;
use locales::Language;

use super::{
    markup::{Token, tokens},
    pages::{Told, fullest, usual},
};

const HOSTILE: [&str; 54] = [
    "<script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "<svg/onload=alert(1)//",
    "\"><script>alert(1)</script>",
    "'><script>alert(1)</script>",
    "\" onmouseover=\"alert(1)",
    "' onmouseover='alert(1)",
    "\" autofocus onfocus=alert(1) x=\"",
    "` onerror=alert(1) `",
    "x onerror=alert(1)",
    "</title><script>alert(1)</script>",
    "</style><script>alert(1)</script>",
    "</textarea><script>alert(1)</script>",
    "--><script>alert(1)</script>",
    "<!--<script>alert(1)//-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?xml version=\"1.0\"?><script>alert(1)</script>",
    "<iframe src=javascript:alert(1)>",
    "<iframe srcdoc=\"<script>alert(1)</script>\">",
    "<object data=javascript:alert(1)>",
    "<embed src=javascript:alert(1)>",
    "<base href=//evil.test/>",
    "<meta http-equiv=refresh content=0;url=//evil.test>",
    "<link rel=stylesheet href=//evil.test>",
    "<form action=//evil.test><button>",
    "</form><form action=//evil.test>",
    "<input name=csrf value=x>",
    "<button formaction=javascript:alert(1)>",
    "<a href=javascript:alert(1)>x</a>",
    "<details open ontoggle=alert(1)>",
    "<math><mtext></mtext><mglyph><svg><style><img src=x onerror=alert(1)>",
    "<style>@import '//evil.test'</style>",
    "<body onload=alert(1)>",
    "<video><source onerror=alert(1)>",
    "<marquee onstart=alert(1)>",
    "<template><script>alert(1)</script></template>",
    "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "java\tscript:alert(1)",
    "\u{1}javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:msgbox(1)",
    "//evil.test/\"><script>alert(1)</script>",
    "/\\evil.test",
    "/\"><script>alert(1)</script>",
    "/x' onmouseover='alert(1)",
    "https://evil.test/\"><script>alert(1)</script>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#34;&#62;&#60;script&#62;",
    "\u{0}<script>\u{0}alert(1)</script>",
    "\u{ff1c}script\u{ff1e}\u{2028}\u{202e}{name}",
];

/// Tags and names of attributes: what a browser makes of a page, less the values.
fn shape(page: &str) -> Vec<String> {
    let tokens = tokens(page).unwrap_or_else(|wrong| panic!("{wrong}\n{page}"));
    let tokens = tokens.into_iter().filter_map(|token| match token {
        Token::Open(tag, attributes) => {
            let names: Vec<String> = attributes.into_iter().map(|(name, _)| name).collect();
            Some(format!("<{tag} {}>", names.join(" ")))
        }
        Token::Close(tag) => Some(format!("</{tag}>")),
        Token::Text(_) => None,
    });
    tokens.collect()
}

fn links(page: &str) -> Vec<String> {
    let tokens = tokens(page).expect("checked by its shape");
    let attributes = tokens.into_iter().flat_map(|token| match token {
        Token::Open(_, attributes) => attributes,
        Token::Close(_) | Token::Text(_) => Vec::new(),
    });
    attributes
        .filter(|(name, _)| name == "href" || name == "action")
        .map(|(_, value)| value)
        .collect()
}

#[test]
fn a_hostile_text_leaves_every_page_its_shape() {
    for hostile in HOSTILE {
        let told = Told {
            text: hostile,
            ..usual(Language::English)
        };
        for ((name, page), (_, plain)) in fullest(told)
            .into_iter()
            .zip(fullest(usual(Language::English)))
        {
            assert_eq!(shape(&page), shape(&plain), "{name}: {hostile:?}");
            assert_eq!(links(&page), links(&plain), "{name}: {hostile:?}");
        }
    }
}

#[test]
fn a_hostile_path_or_address_never_leads_away_or_runs() {
    for hostile in HOSTILE {
        let told = Told {
            path: hostile,
            address: hostile,
            ..usual(Language::French)
        };
        for (name, page) in fullest(told) {
            for tag in shape(&page) {
                assert!(!tag.contains("script") && !tag.contains(" on"), "{tag}");
            }
            for link in links(&page) {
                let stays = link.starts_with('/') && !link.starts_with("//");
                assert!(
                    stays || link.starts_with("https://"),
                    "{name}: {hostile:?} became {link:?}"
                );
                assert!(!link.contains('\\'), "{name}: {link:?}");
            }
        }
    }
}

#[test]
fn what_a_form_carries_comes_back_as_it_was() {
    let page = super::administrator(&super::Administrator {
        frame: super::Frame {
            language: Language::English,
            theme: None,
            organization: None,
            here: paths::SIGN_IN_ADMINISTRATOR,
        },
        return_to: Some("/users?search=\"a\"&b='c'"),
        code: false,
        email: None,
        notice: None,
    });
    let value = "value=\"/users?search=&quot;a&quot;&amp;b=&#39;c&#39;\"";
    assert!(page.contains(value), "{page}");
}
