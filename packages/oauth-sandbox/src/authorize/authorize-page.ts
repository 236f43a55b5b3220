import type { Account, ProviderName } from '../accounts.ts'
import { html, type Html } from '../html.ts'
import { pictureOf, SIGNS } from '../pictures.ts'

interface Shown {
  title: string
  provider: ProviderName
  accounts: readonly Account[]
  /** Where the answer goes: the application that asks. */
  app: string
}

/** The authorize page's form: choose or describe an account, then allow or deny. It posts to its own URL. */
export function authorizeForm({ title, provider, accounts, app }: Shown, error?: string): Html {
  return html`<p class="provider">${SIGNS[provider]} ${title}</p>
    <h1>Log in with ${title}</h1>
    <p class="muted">Choose an account. <b>${app}</b> will see its name, picture and email address.</p>
    ${error !== undefined && html`<p role="alert">${error}</p>`}
    <form method="post">
      <fieldset>
        <legend>Accounts</legend>
        <div class="choices">
          ${accounts.map((account, index) => choice(account, index === 0))}
          <label class="choice"
            ><input type="radio" name="identity" value="" /><span class="avatar" aria-hidden="true">+</span
            ><span>Another account</span></label
          >
          <div class="new">
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
          </div>
        </div>
      </fieldset>
      <div class="buttons">
        <button class="main" name="decision" value="allow">Continue</button>
        <button name="decision" value="deny">Cancel</button>
      </div>
    </form>`
}

function choice(account: Account, checked: boolean): Html {
  const { id, name, login } = account
  return html`<label class="choice">
    <input type="radio" name="identity" value="${id}" ${checked && html`checked`} />
    <img src="${pictureOf(account)}" alt="" />
    <span><b>${name}</b> <span class="muted">${login}, ${addressOf(account)}</span></span>
  </label>`
}

/** The address of an account, in words. */
export function addressOf({ email, emailVerified }: Account): string {
  return email === null ? 'no email address' : `${email}${emailVerified ? '' : ', not verified'}`
}

function field(name: string, label: string): Html {
  return html`<label class="field">${label}<input name="${name}" autocomplete="off" maxlength="254" /></label>`
}
