import type { ReadField } from './act.tsx'

interface ChoicesProps {
  name: string
  label: string
  hint?: string
  options: readonly { value: string; label: string }[]
  /** What is chosen at first. */
  chosen?: readonly string[]
}

/** Several choices of a form. `chosenOf` reads them. */
export function Choices({ name, label, hint, options, chosen = [] }: ChoicesProps) {
  return (
    <fieldset className="choices">
      <legend>{label}</legend>
      {options.map((option) => (
        <label key={option.value}>
          <input type="checkbox" name={`${name}.${option.value}`} defaultChecked={chosen.includes(option.value)} />
          {option.label}
        </label>
      ))}
      {hint && <p className="field-hint">{hint}</p>}
    </fieldset>
  )
}

/** Those of the values that are chosen. */
export const chosenOf = <Value extends string>(read: ReadField, name: string, values: readonly Value[]): Value[] =>
  values.filter((value) => read(`${name}.${value}`) !== '')
