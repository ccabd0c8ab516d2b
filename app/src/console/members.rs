//! Members of the organisation: invited, changed, disabled, given a new link.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wire::staff::{Member, MemberChange, MemberState, NewMember, PasswordLink, Role};

use super::form::{Field, Sending, field, send};
use super::{Console, api, moment};
use crate::locale::{Word, words};

const ROLES: [Role; 4] = [
    Role::Administrator,
    Role::Editor,
    Role::Clinician,
    Role::Auditor,
];

fn role_word(role: Role) -> Word {
    match role {
        Role::Administrator => words::CONSOLE_ADMINISTRATOR,
        Role::Editor => words::CONSOLE_EDITOR,
        Role::Clinician => words::CONSOLE_CLINICIAN,
        Role::Auditor => words::CONSOLE_AUDITOR,
    }
}

fn state_word(state: MemberState) -> Word {
    match state {
        MemberState::Invited => words::CONSOLE_INVITED,
        MemberState::Active => words::CONSOLE_ACTIVE,
        MemberState::Disabled => words::CONSOLE_DISABLED,
    }
}

/// The list as read last, and whose form is open.
#[derive(Clone, Copy)]
struct List {
    console: Console,
    members: RwSignal<Vec<Member>>,
    open: RwSignal<Option<String>>,
    busy: RwSignal<bool>,
}

impl List {
    fn read(self) {
        spawn_local(async move {
            match api::get("/members").await {
                Ok(found) => {
                    self.members.try_set(found);
                }
                Err(failure) => {
                    let word = self.console.failed(&failure);
                    self.console.notice.set(Some(word));
                }
            }
        });
    }

    /// Changes somebody, says how it went, and reads the list again.
    fn change(self, id: String, change: MemberChange) {
        spawn_local(async move {
            let word = match api::write::<Member>("PUT", &format!("/members/{id}"), &change).await {
                Ok(_) => {
                    self.open.try_set(None);
                    words::CONSOLE_SAVED
                }
                Err(failure) => self.console.failed(&failure),
            };
            self.console.notice.set(Some(word));
            self.read();
        });
    }

    fn new_link(self, id: String) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        spawn_local(async move {
            match api::send::<PasswordLink>("POST", &format!("/members/{id}/link"), None).await {
                Ok(link) => self.console.link.set(link),
                Err(failure) => {
                    let word = self.console.failed(&failure);
                    self.console.notice.set(Some(word));
                }
            }
            self.busy.try_set(false);
        });
    }

    fn remove_second_factor(self, id: String) {
        spawn_local(async move {
            let path = format!("/members/{id}/second-factor");
            let word = match api::send::<()>("DELETE", &path, None).await {
                Ok(_) => words::CONSOLE_SAVED,
                Err(failure) => self.console.failed(&failure),
            };
            self.console.notice.set(Some(word));
            self.read();
        });
    }
}

/// The screen.
pub fn members(console: Console) -> impl IntoView {
    let list = List {
        console,
        members: RwSignal::new(Vec::new()),
        open: RwSignal::new(None),
        busy: RwSignal::new(false),
    };
    list.read();
    let rows = move || {
        list.members
            .get()
            .into_iter()
            .map(|member| row(list, member))
            .collect::<Vec<_>>()
    };
    view! {
        <div class="sheet">
            <h1 id="heading" tabindex="-1">{console.say(words::CONSOLE_MEMBERS)}</h1>
            <p class="hint">{console.say(words::CONSOLE_EMPTY)}</p>
            {handed_over(console)}
            <ul class="console__rows">{rows}</ul>
            {invite(list)}
        </div>
    }
}

/// A link to be handed over, once.
fn handed_over(console: Console) -> impl IntoView {
    let copied = RwSignal::new(false);
    let address = move || {
        let origin = window().location().origin().unwrap_or_default();
        console
            .link
            .get()
            .map(|link| format!("{origin}{}", link.path))
            .unwrap_or_default()
    };
    let said = move || {
        let language = console.language.get();
        let link = console.link.get()?;
        Some(words::console_link_once(
            language,
            &moment(language, &link.expires_at),
            &link.member.name,
        ))
    };
    let copy = move |_| {
        let text = untrack(address);
        let clipboard = js_sys::Reflect::get(&window().navigator(), &"clipboard".into()).ok();
        let write = clipboard.and_then(|one| {
            let write = js_sys::Reflect::get(&one, &"writeText".into()).ok()?;
            let write: js_sys::Function = wasm_bindgen::JsCast::dyn_into(write).ok()?;
            write.call1(&one, &text.into()).ok()
        });
        copied.set(write.is_some());
    };
    view! {
        <Show when=move || console.link.with(Option::is_some)>
            <section class="notice" role="status">
                <p>{said}</p>
                <p><code class="console__secret">{address}</code></p>
                <button type="button" class="button button--small" on:click=copy>
                    {move || if copied.get() { words::CONSOLE_COPIED } else { words::CONSOLE_COPY }.of(console.language.get())}
                </button>
            </section>
        </Show>
    }
}

fn row(list: List, member: Member) -> impl IntoView {
    let console = list.console;
    let second = if member.second_factor {
        words::CONSOLE_HAS_SECOND
    } else {
        words::CONSOLE_NO_SECOND
    };
    let about = move || {
        let language = console.language.get();
        [role_word(member.role), state_word(member.state), second]
            .map(|word| word.of(language))
            .join(" · ")
    };
    let (id, name) = (member.id.clone(), member.name.clone());
    let is_open = {
        let id = id.clone();
        Memo::new(move |_| list.open.get().as_ref() == Some(&id))
    };
    let title = {
        let name = name.clone();
        move || words::console_change(console.language.get(), &name)
    };
    let toggle = move |_| {
        let opened = (!is_open.get_untracked()).then(|| id.clone());
        list.open.set(opened);
    };
    view! {
        <li class="console__row">
            <p><strong>{name}</strong> " " <span class="hint">{member.login.clone()}</span></p>
            <p class="hint">{about}</p>
            <button type="button" class="button button--small" aria-expanded=move || is_open.get().to_string() on:click=toggle>
                {title}
            </button>
            <Show when=move || is_open.get()>{edit(list, &member)}</Show>
        </li>
    }
}

fn edit(list: List, member: &Member) -> impl IntoView + use<> {
    let console = list.console;
    let (name, role) = (
        RwSignal::new(member.name.clone()),
        RwSignal::new(member.role),
    );
    let departments = member.departments.clone();
    let is_disabled = member.state == MemberState::Disabled;
    let id = member.id.clone();
    let changed = move |disabled: bool| MemberChange {
        name: name.get_untracked(),
        role: role.get_untracked(),
        departments: departments.clone(),
        disabled,
    };
    let (save, saved) = (changed.clone(), id.clone());
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        list.change(saved.clone(), save(is_disabled));
    };
    let switch = {
        let id = id.clone();
        move |_| list.change(id.clone(), changed(!is_disabled))
    };
    let link = {
        let id = id.clone();
        move |_| list.new_link(id.clone())
    };
    let word = if is_disabled {
        words::CONSOLE_ENABLE
    } else {
        words::CONSOLE_DISABLE
    };
    let has_second = member.second_factor;
    view! {
        <form class="group" novalidate on:submit=submit>
            {field(console, Field::text("member-name", words::CONSOLE_NAME, "off"), name)}
            {roles(console, "member-role", role)}
            <div class="actions">
                <button type="submit" class="button button--primary button--small">{console.say(words::CONSOLE_SAVE)}</button>
                <button type="button" class="button button--small" on:click=switch>{console.say(word)}</button>
                <button type="button" class="button button--small" on:click=link>{console.say(words::CONSOLE_NEW_LINK)}</button>
                {has_second.then(|| view! {
                    <button type="button" class="button button--small" on:click=move |_| list.remove_second_factor(id.clone())>
                        {console.say(words::CONSOLE_REMOVE_SECOND)}
                    </button>
                })}
            </div>
        </form>
    }
}

fn roles(console: Console, id: &'static str, role: RwSignal<Role>) -> impl IntoView {
    let pick = move |event| {
        let place: usize = event_target_value(&event).parse().unwrap_or(1);
        role.set(ROLES.get(place).copied().unwrap_or(Role::Editor));
    };
    let options: Vec<_> = (0_usize..)
        .zip(ROLES)
        .map(|(place, one)| {
            view! {
                <option value=place.to_string() selected=move || role.get() == one>{console.say(role_word(one))}</option>
            }
        })
        .collect();
    view! {
        <div class="field">
            <label class="field__label" for=id>{console.say(words::CONSOLE_ROLE)}</label>
            <select class="field__input" id=id aria-describedby=format!("{id}-hint") on:change=pick>{options}</select>
            <p class="hint" id=format!("{id}-hint")>{console.say(words::CONSOLE_ROLE_HINT)}</p>
        </div>
    }
}

fn invite(list: List) -> impl IntoView {
    let console = list.console;
    let (name, login) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let (role, sending) = (RwSignal::new(Role::Editor), Sending::new());
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let new = NewMember {
            login: login.get_untracked(),
            name: name.get_untracked(),
            role: role.get_untracked(),
            departments: Vec::new(),
        };
        sending.run(async move {
            match api::write::<PasswordLink>("POST", "/members", &new).await {
                Ok(link) => {
                    name.try_set(String::new());
                    login.try_set(String::new());
                    console.link.set(Some(link));
                    list.read();
                    Ok(())
                }
                Err(failure) => Err(console.failed(&failure)),
            }
        });
    };
    view! {
        <form class="group" novalidate on:submit=submit>
            <h2 class="group__title">{console.say(words::CONSOLE_INVITE)}</h2>
            {field(console, Field::text("invite-name", words::CONSOLE_NAME, "off"), name)}
            {field(console, Field::text("invite-login", words::CONSOLE_LOGIN, "off").hint(words::CONSOLE_LOGIN_HINT), login)}
            {roles(console, "invite-role", role)}
            {send(console, sending, words::CONSOLE_INVITE_SEND)}
        </form>
    }
}
