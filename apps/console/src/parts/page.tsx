import type { ReactNode } from 'react'
import { settings } from '../settings.ts'

interface PageProps {
  title: string
  narrow?: boolean
  /** This page replaces another one at the same URL, so its heading gets the focus. */
  takesOver?: boolean
  /** What stands above the title, such as a way back. */
  above?: ReactNode
  children: ReactNode
}

/** A page with its title in the browser tab and at the top. */
export function Page({ title, narrow = false, takesOver = false, above, children }: PageProps) {
  return (
    <div className={narrow ? 'page page-narrow' : 'page'}>
      <title>{`${title} · ${settings.brand.name}`}</title>
      {above && <p className="page-above">{above}</p>}
      <h1 tabIndex={-1} ref={takesOver ? focusOn : undefined}>
        {title}
      </h1>
      {children}
    </div>
  )
}

const focusOn = (heading: HTMLElement | null) => heading?.focus({ preventScroll: true })
