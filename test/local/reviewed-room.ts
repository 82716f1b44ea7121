import { inlineFunction } from './aws/signed-client';

/** The resources of a room with the name `lobby` and of its message review function, which has this source. */
export const reviewedRoom = (source: string, FallbackResult: 'ALLOW' | 'DENY') => ({
  ...inlineFunction(source, { FunctionName: 'review' }),
  Permission: {
    Type: 'AWS::Lambda::Permission',
    Properties: { Action: 'lambda:InvokeFunction', FunctionName: 'review', Principal: 'ivschat.amazonaws.com' },
    DependsOn: 'Function',
  },
  Room: {
    Type: 'AWS::IVSChat::Room',
    Properties: {
      Name: 'lobby',
      MessageReviewHandler: { Uri: { 'Fn::GetAtt': ['Function', 'Arn'] }, FallbackResult },
    },
    DependsOn: 'Permission',
  },
});
