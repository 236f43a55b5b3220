import type { Account, ProviderName } from '../accounts.ts'
import { html, type Html } from '../html.ts'

/** The authorize page's form: choose or describe an account, then allow or deny. It posts to its own URL. */
export function authorizeForm(
  title: string,
  provider: ProviderName,
  accounts: readonly Account[],
  error?: string,
): Html {
  return html`<h1>Log in with ${title}</h1>
    <p class="muted">Choose an account. The application will see its name, picture and email address.</p>
    ${error !== undefined && html`<p role="alert">${error}</p>`}
    <form method="post">
      <fieldset>
        <legend>Accounts</legend>
        ${accounts.map((account, index) => choice(account, index === 0))}
        <label class="choice"><input type="radio" name="identity" value="" />Another account, described below</label>
      </fieldset>
      <fieldset>
        <legend>Another account</legend>
        ${field('login', provider === 'github' ? 'Login' : 'Login (used only in this sandbox)')}
        ${field('name', 'Name')} ${field('email', 'Email address')}
        <label class="field"
          >The address is
          <select name="email_status">
            <option value="verified" selected>verified</option>
            <option value="unverified">not verified</option>
            <option value="none">missing</option>
          </select></label
        >
        ${field('id', 'ID (if empty, the login identifies the account)')}
      </fieldset>
      <div class="buttons">
        <button class="main" name="decision" value="allow">Continue</button>
        <button name="decision" value="deny">Cancel</button>
      </div>
    </form>`
}

function choice({ id, name, login, email, emailVerified }: Account, checked: boolean): Html {
  const address = email === null ? 'no email address' : `${email}${emailVerified ? '' : ', not verified'}`
  return html`<label class="choice">
    <input type="radio" name="identity" value="${id}" ${checked && html`checked`} />
    <span>${name} <span class="muted">${login}, ${address}</span></span>
  </label>`
}

function field(name: string, label: string): Html {
  return html`<label class="field">${label}<input name="${name}" autocomplete="off" maxlength="254" /></label>`
}
