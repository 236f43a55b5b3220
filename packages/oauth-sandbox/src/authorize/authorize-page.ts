import type { Account, ProviderName } from '../accounts.ts'
import { html, type Html } from '../html.ts'

/** The form of the authorize page: choose an account, or make one; allow or deny. It posts to its own address. */
export function authorizeForm(
  title: string,
  provider: ProviderName,
  accounts: readonly Account[],
  error?: string,
): Html {
  return html`<h1>Log in with ${title}</h1>
    <p class="muted">Choose who you are. The application learns your name, your picture and your e-mail address.</p>
    ${error !== undefined && html`<p role="alert">${error}</p>`}
    <form method="post">
      <fieldset>
        <legend>A ready account</legend>
        ${accounts.map((account, index) => choice(account, index === 0))}
        <label class="choice"><input type="radio" name="identity" value="" />Another one, described below</label>
      </fieldset>
      <fieldset>
        <legend>Another account</legend>
        ${field('login', provider === 'github' ? 'Login' : 'Login (only a name for it here)')} ${field('name', 'Name')}
        ${field('email', 'E-mail address')}
        <label class="field"
          >The address is
          <select name="email_status">
            <option value="verified" selected>verified</option>
            <option value="unverified">not verified</option>
            <option value="none">not there</option>
          </select></label
        >
        ${field('id', 'Id (empty: found by its login)')}
      </fieldset>
      <div class="buttons">
        <button class="main" name="decision" value="allow">Continue</button>
        <button name="decision" value="deny">Cancel</button>
      </div>
    </form>`
}

function choice({ id, name, login, email, emailVerified }: Account, checked: boolean): Html {
  const address = email === null ? 'no e-mail address' : `${email}${emailVerified ? '' : ', not verified'}`
  return html`<label class="choice">
    <input type="radio" name="identity" value="${id}" ${checked && html`checked`} />
    <span>${name} <span class="muted">${login}, ${address}</span></span>
  </label>`
}

function field(name: string, label: string): Html {
  return html`<label class="field">${label}<input name="${name}" autocomplete="off" maxlength="254" /></label>`
}
