import { useEffect, useRef, useState } from 'react'
import { Link, NavLink, Outlet, ScrollRestoration, useLocation, useNavigate } from 'react-router'
import { BrandSign } from '../../parts/brand-sign.tsx'
import { t as customerTexts } from '../../texts/catalogue.ts'
import { navigation } from '../navigation.ts'
import { t } from '../texts/catalogue.ts'
import { KeyHelp } from './key-help.tsx'
import { useShortcuts } from './use-shortcuts.ts'

/** The frame around every operators' page: a menu at the side, or behind a button in a narrow window. */
export function AdminLayout() {
  const main = useRef<HTMLElement>(null)
  const navigate = useNavigate()
  const { pathname, key } = useLocation()
  const lastPage = useRef(pathname)
  const [isHelpOpen, setIsHelpOpen] = useState(false)

  useEffect(() => {
    if (lastPage.current === pathname) return
    lastPage.current = pathname
    main.current?.querySelector('h1')?.focus({ preventScroll: true })
  }, [pathname])

  const pages = navigation.flatMap(({ items }) => items)
  useShortcuts({
    '/': focusSearch,
    '?': () => setIsHelpOpen(true),
    ...Object.fromEntries(pages.map((item) => [`g ${item.key}`, () => void navigate(item.to)])),
  })

  return (
    <div className="admin">
      <a className="skip-link" href="#content">
        {customerTexts.shell.skipToContent}
      </a>
      <Sidebar key={key} />
      <main id="content" ref={main} tabIndex={-1} className="admin-main">
        <Outlet />
      </main>
      <KeyHelp isOpen={isHelpOpen} onOpenChange={setIsHelpOpen} />
      <ScrollRestoration />
    </div>
  )
}

/** The search field of the page, or else the one in the menu. */
function focusSearch() {
  const field =
    document.querySelector<HTMLInputElement>('main [data-search]') ??
    document.querySelector<HTMLInputElement>('[data-search]')
  field?.focus()
  field?.select()
}

/** Closed after each navigation, because its key changes. In a wide window, it is always open. */
function Sidebar() {
  const [isOpen, setIsOpen] = useState(false)
  const navigate = useNavigate()
  return (
    <header className="admin-side" data-open={isOpen || undefined}>
      <div className="admin-brand">
        <Link className="brand" to="/admin">
          <BrandSign /> <span className="quiet">{t.kit.title}</span>
        </Link>
        <button
          type="button"
          className="button button-quiet button-small admin-menu-button"
          aria-expanded={isOpen}
          aria-controls="admin-navigation"
          onClick={() => setIsOpen(!isOpen)}
        >
          {t.kit.openMenu}
        </button>
      </div>
      <div id="admin-navigation" className="admin-navigation">
        <form
          role="search"
          onSubmit={(event) => {
            event.preventDefault()
            const search = new FormData(event.currentTarget).get('search')
            if (typeof search === 'string' && search.trim())
              void navigate(`/admin/people?${new URLSearchParams({ search: search.trim() })}`)
          }}
        >
          <input name="search" type="search" data-search placeholder={t.kit.search} aria-label={t.kit.search} />
        </form>
        <nav aria-label={t.kit.navigation}>
          {navigation.map(({ title, items }) => (
            <div key={title} className="admin-group">
              <h2>{title}</h2>
              <ul>
                {items.map(({ to, label }) => (
                  <li key={to}>
                    <NavLink to={to} end={to === '/admin'}>
                      {label}
                    </NavLink>
                  </li>
                ))}
              </ul>
            </div>
          ))}
        </nav>
        <Link className="admin-back" to="/">
          {t.kit.toConsole}
        </Link>
      </div>
    </header>
  )
}
