import { useState } from 'react'
import { Field } from '../../parts/field.tsx'
import { Select } from '../../parts/select.tsx'
import { ActProblem } from '../kit/act-problem.ts'
import type { ReadField } from '../kit/act.tsx'
import { Choices, chosenOf } from '../kit/choices.tsx'
import { t } from '../texts/catalogue.ts'
import { EVENT_TYPES, type Endpoint, type EventType } from './endpoint-words.tsx'

const words = t.programs.endpoints

/** The fields of an endpoint. `readEndpoint` reads them. */
export function EndpointFields({ endpoint }: { endpoint?: Endpoint }) {
  const [which, setWhich] = useState(endpoint?.types ? 'some' : 'all')
  return (
    <>
      <Field
        name="url"
        label={words.url}
        hint={words.urlHint}
        required
        maxLength={2_000}
        inputMode="url"
        autoComplete="off"
        defaultValue={endpoint?.url}
      />
      <Field
        name="description"
        label={words.description}
        maxLength={200}
        autoComplete="off"
        defaultValue={endpoint?.description}
      />
      <Select
        name="which"
        label={words.types}
        options={[
          { value: 'all', label: words.allTypesNote },
          { value: 'some', label: words.someTypes },
        ]}
        value={which}
        onChange={({ target }) => setWhich(target.value)}
      />
      {which === 'some' && (
        <Choices
          name="types"
          label={words.someTypes}
          options={EVENT_TYPES.map((type) => ({ value: type, label: type }))}
          chosen={endpoint?.types ?? []}
        />
      )}
    </>
  )
}

/** @throws {ActProblem} if no type is chosen. */
export function readEndpoint(read: ReadField): { url: string; description: string; types: EventType[] | null } {
  const types = read('which') === 'some' ? chosenOf(read, 'types', EVENT_TYPES) : null
  if (types?.length === 0) throw new ActProblem(words.noType)
  return { url: read('url').trim(), description: read('description').trim(), types }
}
