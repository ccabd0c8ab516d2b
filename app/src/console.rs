//! The console: what the hospital's own people see. A second binary, so that no patient downloads it.

mod account;
pub mod api;
mod form;
mod members;
mod second_factor;
mod sign_in;

use leptos::prelude::*;
use leptos::task::spawn_local;
use wire::staff::{PasswordLink, RecoveryCodes, Role, SignInStep, SignedIn};

use crate::locale::{Language, Word, words};
use crate::shell;
use api::Failure;

/// What stands on the screen.
#[derive(Debug, Clone, PartialEq)]
enum Screen {
    /// Asking the server who is signed in.
    Opening,
    /// The server did not answer.
    Offline,
    /// Nobody is signed in.
    SignIn,
    /// The first administrator is being made.
    First,
    /// A password by this link's code.
    Link(String),
    /// The second factor is asked for.
    SecondFactor,
    /// A second factor is being set up.
    SetUp,
    /// Recovery codes, once.
    Recovery(RecoveryCodes),
    /// Members of the organisation.
    Members,
    /// One's own account.
    Account,
}

/// The state of the console.
#[derive(Debug, Clone, Copy)]
pub struct Console {
    language: RwSignal<Language>,
    screen: RwSignal<Screen>,
    signed_in: RwSignal<Option<SignedIn>>,
    /// Said above the screen: what went well, or why somebody stands here.
    notice: RwSignal<Option<Word>>,
    /// A link to be handed over, until it is put away.
    link: RwSignal<Option<PasswordLink>>,
}

impl Console {
    /// A text in the language of the moment.
    fn say(self, word: Word) -> impl Fn() -> &'static str + Copy {
        move || word.of(self.language.get())
    }

    /// Goes to a screen; what was said before is not said there.
    fn go(self, screen: Screen) {
        self.notice.set(None);
        self.link.set(None);
        self.screen.set(screen);
    }

    /// Takes an answer of a sign-in.
    fn signed(self, signed_in: SignedIn) {
        let screen = match signed_in.step {
            SignInStep::SecondFactor => Screen::SecondFactor,
            SignInStep::SetUpSecondFactor => Screen::SetUp,
            SignInStep::Done if signed_in.member.role == Role::Administrator => Screen::Members,
            SignInStep::Done => Screen::Account,
        };
        self.signed_in.set(Some(signed_in));
        self.go(screen);
    }

    /// What is to be said of a failure. Whoever is not signed in any more is asked to sign in.
    fn failed(self, failure: &Failure) -> Word {
        match failure.code() {
            "signed_out" => {
                self.signed_in.set(None);
                self.go(Screen::SignIn);
                self.notice.set(Some(words::CONSOLE_ENDED));
                words::CONSOLE_ENDED
            }
            "too_many_requests" => words::CONSOLE_TOO_MANY,
            "not_allowed" => words::CONSOLE_NOT_ALLOWED,
            "last_administrator" => words::CONSOLE_LAST_ADMINISTRATOR,
            "offline" => words::CONSOLE_OFFLINE,
            "taken" => words::CONSOLE_TAKEN,
            "not_a_login" => words::CONSOLE_NOT_A_LOGIN,
            "not_a_name" => words::CONSOLE_NOT_A_NAME,
            "too_short" => words::CONSOLE_TOO_SHORT,
            "too_long" => words::CONSOLE_TOO_LONG,
            "common" => words::CONSOLE_COMMON,
            "wrong_password" => words::CONSOLE_WRONG_PASSWORD,
            "wrong_code" => words::CONSOLE_CODE_WRONG,
            _ => words::CONSOLE_FAILED,
        }
    }

    /// Asks who is signed in, and goes where they belong.
    fn open(self) {
        let fragment = window().location().hash().unwrap_or_default();
        let code = fragment.strip_prefix("#/link/").map(str::to_owned);
        // The code of a link stands in no history.
        if !fragment.is_empty() {
            shell::replace_address("/staff");
        }
        if let Some(code) = code {
            self.go(Screen::Link(code));
            return;
        }
        self.go(Screen::Opening);
        spawn_local(async move {
            match api::get::<SignedIn>("/me").await {
                Ok(signed_in) => self.signed(signed_in),
                Err(failure) if failure.code() == "signed_out" => self.go(Screen::SignIn),
                Err(_) => self.go(Screen::Offline),
            }
        });
    }

    fn sign_out(self) {
        spawn_local(async move {
            match api::send::<()>("POST", "/sign-out", None).await {
                Err(failure) if failure.code() == "offline" => {
                    self.notice.set(Some(words::CONSOLE_OFFLINE));
                }
                _ => {
                    self.signed_in.set(None);
                    self.go(Screen::SignIn);
                }
            }
        });
    }

    fn is_administrator(self) -> bool {
        self.signed_in.with(|who| {
            who.as_ref()
                .is_some_and(|who| who.member.role == Role::Administrator)
        })
    }

    fn is_done(self) -> bool {
        self.signed_in
            .with(|who| who.as_ref().is_some_and(|who| who.step == SignInStep::Done))
    }
}

/// A moment as the reader's browser writes it.
fn moment(language: Language, rfc3339: &str) -> String {
    let date = js_sys::Date::new(&rfc3339.into());
    let options = js_sys::Object::new();
    for (name, value) in [("dateStyle", "medium"), ("timeStyle", "short")] {
        js_sys::Reflect::set(&options, &name.into(), &value.into()).ok();
    }
    date.to_locale_string(language.tag(), &options).into()
}

/// Draws the console into the body.
#[must_use]
pub fn console() -> impl IntoView {
    let console = Console {
        language: RwSignal::new(shell::language()),
        screen: RwSignal::new(Screen::Opening),
        signed_in: RwSignal::new(None),
        notice: RwSignal::new(None),
        link: RwSignal::new(None),
    };
    console.open();
    Effect::new(move |before: Option<Screen>| {
        let now = console.screen.get();
        if before.is_some_and(|before| before != now && before != Screen::Opening) {
            shell::focus_soon("heading");
        }
        now
    });
    Effect::new(move |_: Option<()>| {
        let language = console.language.get();
        shell::set_language(language);
        document().set_title(words::CONSOLE_TITLE.of(language));
    });
    view! {
        <a class="skip-link" href="#main">{console.say(words::CONSOLE_SKIP)}</a>
        {masthead(console)}
        <main class="main console" id="main" tabindex="-1">
            <p class="notice" role="status" hidden=move || console.notice.get().is_none()>
                {move || console.notice.get().map(|word| word.of(console.language.get()))}
            </p>
            {move || screen(console, console.screen.get())}
        </main>
    }
}

fn masthead(console: Console) -> impl IntoView {
    let other = move |_| {
        let other = Language::all().find(|language| *language != console.language.get_untracked());
        if let Some(other) = other {
            console.language.set(other);
        }
    };
    let tab = move |screen: Screen, word: Word| {
        let (to, here) = (screen.clone(), screen);
        view! {
            <button
                type="button"
                class="button button--quiet"
                aria-current=move || (console.screen.get() == here).then_some("page")
                on:click=move |_| console.go(to.clone())
            >
                {console.say(word)}
            </button>
        }
    };
    view! {
        <header class="console__head">
            <p class="console__name">{console.say(words::CONSOLE_TITLE)}</p>
            <nav class="console__nav" aria-label=console.say(words::CONSOLE_TITLE)>
                <Show when=move || console.is_done() && console.is_administrator()>
                    {tab(Screen::Members, words::CONSOLE_MEMBERS)}
                </Show>
                <Show when=move || console.is_done()>{tab(Screen::Account, words::CONSOLE_ACCOUNT)}</Show>
                <button type="button" class="button button--quiet" on:click=other lang=move || {
                    if console.language.get().code() == "zh" { "en" } else { "zh-CN" }
                }>
                    {console.say(words::CONSOLE_LANGUAGE)}
                </button>
                <Show when=move || console.signed_in.with(Option::is_some)>
                    <button type="button" class="button button--quiet" on:click=move |_| console.sign_out()>
                        {console.say(words::CONSOLE_SIGN_OUT)}
                    </button>
                </Show>
            </nav>
        </header>
    }
}

fn screen(console: Console, screen: Screen) -> AnyView {
    match screen {
        Screen::Opening => view! { <p class="hint" role="status">{console.say(words::CONSOLE_WORKING)}</p> }.into_any(),
        Screen::Offline => view! {
            <div class="sheet">
                <h1 id="heading" tabindex="-1">{console.say(words::CONSOLE_TITLE)}</h1>
                <p role="alert">{console.say(words::CONSOLE_OFFLINE)}</p>
                <button type="button" class="button button--primary" on:click=move |_| console.open()>
                    {console.say(words::CONSOLE_TRY_AGAIN)}
                </button>
            </div>
        }
        .into_any(),
        Screen::SignIn => sign_in::sign_in(console).into_any(),
        Screen::First => sign_in::first(console).into_any(),
        Screen::Link(code) => sign_in::link(console, code).into_any(),
        Screen::SecondFactor => second_factor::show(console).into_any(),
        Screen::SetUp => second_factor::set_up(console).into_any(),
        Screen::Recovery(codes) => second_factor::recovery(console, codes).into_any(),
        Screen::Members => members::members(console).into_any(),
        Screen::Account => account::account(console).into_any(),
    }
}
