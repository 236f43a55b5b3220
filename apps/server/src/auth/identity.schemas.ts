import { z } from 'zod'

const provider = z.enum(['google', 'github'])

export const IdentityList = z.array(z.object({ provider, email: z.string().nullable(), linkedAt: z.date() }))
export type IdentityList = z.infer<typeof IdentityList>

export const UnlinkIdentityInput = z.object({ provider })
export type UnlinkIdentityInput = z.infer<typeof UnlinkIdentityInput>

export const LinkIdentityInput = z.object({ provider, redirectTo: z.string().max(2000).optional() })
export type LinkIdentityInput = z.infer<typeof LinkIdentityInput>
export const LinkIdentityResult = z.object({ url: z.string() })
