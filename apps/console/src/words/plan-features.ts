export interface PlanText {
  /** What the plan is for. */
  summary: string
  features: readonly string[]
}

/** A plan's description as a pricing page shows it: the first line says what it is for, each further one is a feature. */
export function planText(description: string): PlanText {
  const [summary = '', ...lines] = description.split('\n').map((line) => line.trim())
  return { summary, features: lines.map((line) => line.replace(/^[-*•]\s*/, '')).filter(Boolean) }
}
