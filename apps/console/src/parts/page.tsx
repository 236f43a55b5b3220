import type { ReactNode } from 'react'

/** One page: its title in the tab and on top. */
export function Page({ title, children, narrow = false }: { title: string; children: ReactNode; narrow?: boolean }) {
  return (
    <div className={narrow ? 'page page-narrow' : 'page'}>
      <title>{`${title} · Tollgate`}</title>
      <h1 tabIndex={-1}>{title}</h1>
      {children}
    </div>
  )
}
