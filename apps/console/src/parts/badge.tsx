import type { Tone } from '../words/tone.ts'

export function Badge({ tone, label }: { tone: Tone; label: string }) {
  return (
    <span className="badge" data-tone={tone}>
      {label}
    </span>
  )
}
