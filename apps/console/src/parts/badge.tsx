import type { Tone } from '../words/subscription-status.ts'

export function Badge({ tone, label }: { tone: Tone; label: string }) {
  return (
    <span className="badge" data-tone={tone}>
      {label}
    </span>
  )
}
