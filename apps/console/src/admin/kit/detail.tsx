import type { ReactNode } from 'react'
import { Link } from 'react-router'
import { Page } from '../../parts/page.tsx'

interface DetailPageProps {
  title: string
  /** The list that this page belongs to. */
  back: { to: string; label: string }
  /** Badges that say how the thing is. */
  badges?: ReactNode
  /** Buttons for acts. */
  acts?: ReactNode
  children: ReactNode
}

/** The page of one thing: what it is on top, then its sections. */
export function DetailPage({ title, back, badges, acts, children }: DetailPageProps) {
  return (
    <Page title={title} above={<Link to={back.to}>← {back.label}</Link>}>
      {(badges ?? acts) && (
        <div className="detail-head">
          <div className="badges">{badges}</div>
          <div className="detail-acts">{acts}</div>
        </div>
      )}
      {children}
    </Page>
  )
}

interface SectionProps {
  title: string
  /** A link or a button beside the title. */
  aside?: ReactNode
  children: ReactNode
}

/** A titled part of a page. */
export function Section({ title, aside, children }: SectionProps) {
  return (
    <section className="section" aria-label={title}>
      <div className="section-head">
        <h2>{title}</h2>
        {aside}
      </div>
      {children}
    </section>
  )
}
