import { revisionOf } from '../../platform/revision.ts'
import type { Subscription } from '../subscription.entity.ts'

/** Stands for the discounts that run, so that an admin gives another one only if they have seen them. */
export const discountsRevision = ({ discounts }: Pick<Subscription, 'discounts'>): string => revisionOf(discounts ?? [])
