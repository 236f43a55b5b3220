import type { Filter } from '../kit/filters.ts'
import { t } from '../texts/catalogue.ts'

/** A filter for a day in UTC, as the figures have it. */
export const utcDay = (label: string): Filter<string> => ({
  kind: 'day',
  label: t.kit.inUtc(label),
  read: (written) => (/^\d{4}-\d{2}-\d{2}$/.test(written) ? written : undefined),
})
