import { expect, test } from 'vitest'
import { planText } from './plan-features.ts'

test('the first line of a description says what a plan is for, and each further line is a feature', () => {
  expect(planText('For teams.\n- All features\n\n•  Support\nBackups ')).toEqual({
    summary: 'For teams.',
    features: ['All features', 'Support', 'Backups'],
  })
  expect(planText('For a single person.')).toEqual({ summary: 'For a single person.', features: [] })
})
