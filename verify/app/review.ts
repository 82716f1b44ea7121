/** A message review handler that appends the message id to the content. Some contents select another behavior. */
export async function handler({ Content, MessageId }: { Content: string; MessageId: string }): Promise<object> {
  if (Content === 'deny') return { ReviewResult: 'DENY', Content: 5, Attributes: 'not a map' };
  if (Content === 'slow') await new Promise((resolve) => setTimeout(resolve, 60));
  return { ReviewResult: 'ALLOW', Content: `${Content} ${MessageId}` };
}
