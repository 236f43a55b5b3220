import type { ReactNode } from 'react'
import type { Tone } from '../words/tone.ts'

/** A message for the user. Screen readers announce bad news immediately, and the rest at the next pause. */
export function Notice({ tone, children }: { tone: Tone; children: ReactNode }) {
  return (
    <div className="notice" data-tone={tone} role={tone === 'bad' ? 'alert' : 'status'}>
      {children}
    </div>
  )
}
