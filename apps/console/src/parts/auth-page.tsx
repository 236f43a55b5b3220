import type { ReactNode } from 'react'
import { Page } from './page.tsx'

interface AuthPageProps {
  title: string
  takesOver?: boolean
  /** Below the card, such as the way to another page. */
  below?: ReactNode
  children: ReactNode
}

/** A page with one thing to do: a card in the middle. */
export function AuthPage({ title, takesOver = false, below, children }: AuthPageProps) {
  return (
    <div className="auth">
      <div className="card auth-card">
        <Page title={title} takesOver={takesOver}>
          {children}
        </Page>
      </div>
      {below && <div className="auth-below">{below}</div>}
    </div>
  )
}
