import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef, type RefObject } from 'react'
import { Link, useLocation } from 'react-router'
import { accountPath, personalAccountOf, useAskedAccountId, type Account } from '../accounts/use-account.ts'
import { trpc } from '../api.ts'
import { useBrowserZone } from '../session/use-browser-zone.ts'
import { useUser } from '../session/use-user.ts'
import { t } from '../texts/catalogue.ts'
import { ROLES } from '../words/role.ts'

/** Pages that exist for every account. From any other page, switching leads to the subscription. */
const SAME_PAGE = new Set(['/plans', '/subscription', '/members', '/organization'])

/**
 * Shows the account of this page, and links to the same page for the others. They are links, so that people can open
 * another account in another tab.
 */
export function AccountSwitcher() {
  const { key } = useLocation()
  useBrowserZone(useUser()?.id)
  return <Switcher key={key} /> // closed after each navigation
}

function Switcher() {
  const menu = useRef<HTMLDetailsElement>(null)
  const { pathname } = useLocation()
  const user = useUser()
  const asked = useAskedAccountId()
  const accounts = useQuery({ ...trpc.accounts.list.queryOptions(), enabled: user !== null })
  useClosing(menu)

  if (!user) return null
  const all: Account[] = accounts.data ?? [personalAccountOf(user)]
  const chosen = all.find(({ id }) => id === (asked ?? user.id))
  const page = SAME_PAGE.has(pathname) ? pathname : '/subscription'
  return (
    <details className="switcher" ref={menu}>
      <summary>
        <span className="switcher-name">{chosen ? titleOf(chosen) : t.accounts.choose}</span>
      </summary>
      <nav className="card" aria-label={t.accounts.list}>
        <ul>
          {all.map((account) => (
            <li key={account.id}>
              <Link
                to={accountPath(page, account.kind === 'personal' ? null : account.id)}
                aria-current={account.id === chosen?.id ? 'true' : undefined}
              >
                {titleOf(account)}
                <span className="quiet">{account.kind === 'personal' ? account.name : ROLES[account.role].label}</span>
              </Link>
            </li>
          ))}
          <li>
            <Link to="/organizations/new">{t.accounts.create}</Link>
          </li>
        </ul>
      </nav>
    </details>
  )
}

const titleOf = ({ kind, name }: Account) => (kind === 'personal' ? t.accounts.personal : name)

/** Closes the menu on Escape and when the user clicks or tabs elsewhere. */
function useClosing(menu: RefObject<HTMLDetailsElement | null>): void {
  useEffect(() => {
    const close = () => menu.current?.removeAttribute('open')
    const onEscape = ({ key }: KeyboardEvent) => {
      if (key !== 'Escape' || !menu.current?.open) return
      close()
      menu.current.querySelector('summary')?.focus()
    }
    const onElsewhere = ({ target }: Event) => {
      if (target instanceof Node && !menu.current?.contains(target)) close()
    }
    document.addEventListener('keydown', onEscape)
    document.addEventListener('pointerdown', onElsewhere)
    document.addEventListener('focusin', onElsewhere)
    return () => {
      document.removeEventListener('keydown', onEscape)
      document.removeEventListener('pointerdown', onElsewhere)
      document.removeEventListener('focusin', onElsewhere)
    }
  }, [menu])
}
