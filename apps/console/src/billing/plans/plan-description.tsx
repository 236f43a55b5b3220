import { planText } from '../../words/plan-features.ts'

/** What a plan is for, and what it includes. */
export function PlanDescription({ text }: { text: string }) {
  const { summary, features } = planText(text)
  return (
    <>
      <p className="plan-description">{summary}</p>
      {features.length > 0 && (
        <ul className="plan-features">
          {features.map((feature) => (
            <li key={feature}>{feature}</li>
          ))}
        </ul>
      )}
    </>
  )
}
