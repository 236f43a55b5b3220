import type { ReactNode } from 'react'
import type { Tone } from '../words/tone.ts'

/** Something the reader should know now. Bad news is read out at once, the rest when there is a pause. */
export function Notice({ tone, children }: { tone: Tone; children: ReactNode }) {
  return (
    <div className="notice" data-tone={tone} role={tone === 'bad' ? 'alert' : 'status'}>
      {children}
    </div>
  )
}
