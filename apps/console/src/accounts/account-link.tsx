import { Link, NavLink, type LinkProps, type NavLinkProps } from 'react-router'
import { useAccountPath } from './use-account.ts'

/** A link that stays with the account of this page. */
export function AccountLink({ to, ...rest }: Omit<LinkProps, 'to'> & { to: string }) {
  return <Link {...rest} to={useAccountPath()(to)} />
}

/** An `AccountLink` that is marked while its page is open. */
export function AccountNavLink({ to, ...rest }: Omit<NavLinkProps, 'to'> & { to: string }) {
  return <NavLink {...rest} to={useAccountPath()(to)} />
}
