import { join } from 'node:path';
import { AssetStaging, Names, Stack, type CfnResource } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as cxapi from 'aws-cdk-lib/cx-api';
import type { Construct } from 'constructs';

/**
 * The code of a function that the package contains, from a folder of `assets/`.
 *
 * The template is the same as with `lambda.Code.fromAsset`. That class also imports the bucket of the asset, and
 * therefore loads the facts of all Regions, which takes longer than all other steps of the synthesis of a room.
 *
 * This file is beside `index.ts`, because `lib/index.js` contains all modules after the build.
 */
export class PackagedCode extends lambda.Code {
  readonly isInline = false;

  private stagedPath?: string;

  constructor(private readonly folder: string) {
    super();
  }

  bind(scope: Construct): lambda.CodeConfig {
    const stack = Stack.of(scope);
    const staging = new AssetStaging(scope, 'Code', { sourcePath: join(__dirname, '..', 'assets', this.folder) });
    this.stagedPath = staging.relativeStagedPath(stack);
    const { bucketName, objectKey } = stack.synthesizer.addFileAsset({
      fileName: this.stagedPath,
      sourceHash: staging.assetHash,
      packaging: staging.packaging,
      deployTime: true,
      displayName: Names.stackRelativeConstructPath(staging),
    });
    return { s3Location: { bucketName, objectKey } };
  }

  /** Adds the metadata by which tools find the code on this machine. The CDK CLI enables it. */
  bindToResource(resource: CfnResource, { resourceProperty = 'Code' }: lambda.ResourceBindOptions = {}): void {
    if (!resource.node.tryGetContext(cxapi.ASSET_RESOURCE_METADATA_ENABLED_CONTEXT)) return;
    resource.addMetadata(cxapi.ASSET_RESOURCE_METADATA_PATH_KEY, this.stagedPath);
    resource.addMetadata(cxapi.ASSET_RESOURCE_METADATA_IS_BUNDLED_KEY, false);
    resource.addMetadata(cxapi.ASSET_RESOURCE_METADATA_PROPERTY_KEY, resourceProperty);
  }
}
