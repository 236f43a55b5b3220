import { backend } from '../../../tollgate/backend'

/** For apps and other programs, which send an access token: `Authorization: Bearer …`. */
export async function GET(request: Request): Promise<Response> {
  const verified = await backend.verify(request)
  if (!verified.ok) return Response.json({ reason: verified.reason }, { status: verified.status })
  const { userId, isVerified } = verified.session
  return Response.json({ userId, isVerified })
}
