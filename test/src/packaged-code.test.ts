import { join } from 'node:path';
import {
  App, CliCredentialsStackSynthesizer, DefaultStackSynthesizer, LegacyStackSynthesizer, Stack, Stage,
  type IStackSynthesizer,
} from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { PackagedCode } from '../../src/packaged-code';

/** Returns the template and the assets of a stack with a function. */
function synthesize(code: lambda.Code, synthesizer: IStackSynthesizer, context: { [key: string]: unknown }) {
  const app = new App({ context });
  const requests = jest.spyOn(synthesizer, 'addFileAsset');
  const stack = new Stack(app, 'Stack', { synthesizer });
  new lambda.Function(stack, 'Function', { runtime: lambda.Runtime.NODEJS_24_X, handler: 'index.handler', code });
  const assembly = app.synth();
  return {
    template: assembly.getStackByName('Stack').template,
    metadata: assembly.getStackByName('Stack').findMetadataByType('aws:cdk:asset'),
    isInline: (code as lambda.AssetCode).isInline,
    // A synthesizer can give an asset that only a deployment needs a place of its own.
    requests: requests.mock.calls,
    assets: assembly.artifacts.flatMap((artifact) => ('contents' in artifact ? [artifact.contents] : [])),
  };
}

const CASES: { readonly [name: string]: [() => IStackSynthesizer, { [key: string]: unknown }] } = {
  'the default synthesizer': [() => new DefaultStackSynthesizer(), {}],
  'the metadata that the CDK CLI enables': [
    () => new DefaultStackSynthesizer(), { 'aws:cdk:enable-asset-metadata': true },
  ],
  'the synthesizer for the credentials of the CDK CLI': [() => new CliCredentialsStackSynthesizer(), {}],
  'the legacy synthesizer': [() => new LegacyStackSynthesizer(), {}],
  'disabled staging': [() => new DefaultStackSynthesizer(), { 'aws:cdk:disable-asset-staging': true }],
};

test.each(Object.entries(CASES))('the template and the assets are those of lambda.Code.fromAsset, with %s', (
  _name, [synthesizer, context],
) => {
  const expected = lambda.Code.fromAsset(join(__dirname, '..', '..', 'assets', 'custom-resource'));
  expect(synthesize(new PackagedCode('custom-resource'), synthesizer(), context))
    .toEqual(synthesize(expected, synthesizer(), context));
});

test('one code in a stack of the app and in a stack of a stage has the path of each', () => {
  const app = new App({ context: { 'aws:cdk:enable-asset-metadata': true } });
  const code = new PackagedCode('custom-resource');
  const paths = [app, new Stage(app, 'Stage')].map((scope) => {
    const fn = new lambda.Function(new Stack(scope, 'Stack'), 'Function', {
      runtime: lambda.Runtime.NODEJS_24_X, handler: 'index.handler', code,
    });
    return (fn.node.defaultChild as lambda.CfnFunction).getMetadata('aws:asset:path') as string;
  });
  expect(paths).toEqual([expect.stringMatching(/^asset\.[0-9a-f]{64}$/), `../${paths[0]}`]);
});

test('the metadata of a layer names its property', () => {
  const app = new App({ context: { 'aws:cdk:enable-asset-metadata': true } });
  const code = new PackagedCode('custom-resource');
  const layer = new lambda.LayerVersion(new Stack(app, 'Stack'), 'Layer', { code });
  expect((layer.node.defaultChild as lambda.CfnLayerVersion).getMetadata('aws:asset:property')).toBe('Content');
});
