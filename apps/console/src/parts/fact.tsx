import type { ReactNode } from 'react'

/** One entry in a list of facts (`<dl className="facts">`). */
export function Fact({ term, value }: { term: string; value: ReactNode }) {
  return (
    <div>
      <dt>{term}</dt>
      <dd>{value}</dd>
    </div>
  )
}
