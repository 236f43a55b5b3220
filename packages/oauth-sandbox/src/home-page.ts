import type { Account, Accounts, ProviderName } from './accounts.ts'
import { addressOf } from './authorize/authorize-page.ts'
import { html, type Html } from './html.ts'
import { pictureOf, SIGNS } from './pictures.ts'

/** The sandbox's own page: what it is, and the accounts that exist. */
export function homePage(accounts: Accounts): Html {
  return html`<h1>OAuth sandbox</h1>
    <p>This is a local Google (at /google) and GitHub (at /github). Start the login in your application.</p>
    ${list('google', 'Google', accounts.of('google'))} ${list('github', 'GitHub', accounts.of('github'))}`
}

function list(provider: ProviderName, title: string, accounts: readonly Account[]): Html {
  return html`<h2 class="provider">${SIGNS[provider]} ${title}</h2>
    <ul class="rows">
      ${accounts.map(
        (account) =>
          html`<li>
            <img src="${pictureOf(account)}" alt="" />
            <span><b>${account.name}</b> <span class="muted">${account.login}, ${addressOf(account)}</span></span>
          </li>`,
      )}
    </ul>`
}
