import type { ReactNode } from 'react'

interface PageProps {
  title: string
  narrow?: boolean
  /** It takes the place of another page at the same address, so reading goes on at its heading. */
  takesOver?: boolean
  children: ReactNode
}

/** One page: its title in the tab and on top. */
export function Page({ title, narrow = false, takesOver = false, children }: PageProps) {
  return (
    <div className={narrow ? 'page page-narrow' : 'page'}>
      <title>{`${title} · Tollgate`}</title>
      <h1 tabIndex={-1} ref={takesOver ? focusOn : undefined}>
        {title}
      </h1>
      {children}
    </div>
  )
}

const focusOn = (heading: HTMLElement | null) => heading?.focus({ preventScroll: true })
