import { z } from 'zod'

export const DisputeStatus = z.enum(['needs_response', 'under_review', 'won', 'lost', 'closed'])
