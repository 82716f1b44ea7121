package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsapigatewayv2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsapigatewayv2authorizers"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudwatch"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsivschat"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskinesisfirehose"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/aws-cdk-go/awscdk/v2/interfaces/interfacesawsivschat"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
	ivschat "github.com/cdk-ivs-chat/cdk-ivs-chat-go/cdkivschat"
)

// NewChatStack returns a stack with chat rooms, their logs, and the functions that use them.
func NewChatStack(scope constructs.Construct, id string, props *awscdk.StackProps) awscdk.Stack {
	stack := awscdk.NewStack(scope, &id, props)
	ivschat.ChatRoomProvider_Configure(stack, &ivschat.ChatRoomProviderOptions{
		MemorySize:   jsii.Number(512),
		LogRetention: awslogs.RetentionDays_ONE_WEEK,
	})

	tokenFunction := newFunction(stack, "TokenFunction")
	moderationFunction := newFunction(stack, "ModerationFunction")
	reviewFunction := newFunction(stack, "ReviewFunction")

	room := ivschat.NewChatRoom(stack, jsii.String("Room"), &ivschat.ChatRoomProps{
		MaximumMessageLength:        jsii.Number(300),
		MaximumMessageRatePerSecond: jsii.Number(50),
	})
	room.GrantCreateChatToken(tokenFunction)
	room.GrantModerate(moderationFunction)
	awscdk.NewCfnOutput(stack, jsii.String("RoomArn"), &awscdk.CfnOutputProps{Value: room.RoomArn()})

	bucket := awss3.NewBucket(stack, jsii.String("Archive"), &awss3.BucketProps{EnforceSSL: jsii.Bool(true)})
	archive := ivschat.NewLoggingConfiguration(stack, jsii.String("ArchiveLogging"), &ivschat.LoggingConfigurationProps{
		LoggingConfigurationName: jsii.String("archive"),
		Destination:              ivschat.LoggingDestination_S3(bucket, nil),
		RemovalPolicy:            awscdk.RemovalPolicy_RETAIN,
	})
	logGroup := ivschat.NewLoggingConfiguration(stack, jsii.String("LogGroupLogging"), &ivschat.LoggingConfigurationProps{
		Destination: ivschat.LoggingDestination_CloudWatchLogs(awslogs.NewLogGroup(stack, jsii.String("ChatLog"), nil), nil),
		Tags:        &map[string]*string{"team": jsii.String("chat")},
	})
	deliveryStream := awskinesisfirehose.NewDeliveryStream(stack, jsii.String("Stream"), &awskinesisfirehose.DeliveryStreamProps{
		Destination: awskinesisfirehose.NewS3Bucket(bucket, nil),
	})
	stream := ivschat.NewLoggingConfiguration(stack, jsii.String("StreamLogging"), &ivschat.LoggingConfigurationProps{
		Destination: ivschat.LoggingDestination_Firehose(deliveryStream, &ivschat.LoggingDestinationOptions{
			ManageDeliveryPermissions: jsii.Bool(false),
		}),
	})

	reviewedRoom := ivschat.NewChatRoom(stack, jsii.String("ReviewedRoom"), &ivschat.ChatRoomProps{
		RoomName: jsii.String("reviewed"),
		MessageReviewHandler: ivschat.MessageReviewHandler_LambdaFunction(reviewFunction, &ivschat.LambdaMessageReviewHandlerOptions{
			FallbackResult: ivschat.FallbackResult_ALLOW,
		}),
		LoggingConfigurations: &[]interfacesawsivschat.ILoggingConfigurationRef{archive, logGroup},
		Tags:                  &map[string]*string{"team": jsii.String("chat")},
		RemovalPolicy:         awscdk.RemovalPolicy_RETAIN,
	})
	reviewedRoom.AddLoggingConfiguration(stream)
	reviewedRoom.Grants().DeleteMessage(moderationFunction)
	reviewedRoom.Grants().DisconnectUser(moderationFunction)
	oneError := &awscloudwatch.CreateAlarmOptions{Threshold: jsii.Number(1), EvaluationPeriods: jsii.Number(1)}
	reviewedRoom.MessageReviewHandler().MetricInvocationErrors(nil).CreateAlarm(stack, jsii.String("ReviewErrors"), oneError)
	archive.MetricLogDestinationErrors(nil).CreateAlarm(stack, jsii.String("LogErrors"), oneError)
	archive.Grants().Read(moderationFunction)
	ivschat.ChatRoom_MetricAllRequests(ivschat.MessagingAction_SEND_MESSAGE(), nil).CreateAlarm(
		stack, jsii.String("ManyMessages"),
		&awscloudwatch.CreateAlarmOptions{Threshold: jsii.Number(1000), EvaluationPeriods: jsii.Number(1)},
	)

	ivschat.NewChatRoom(stack, jsii.String("AdoptedRoom"), &ivschat.ChatRoomProps{
		ExistingRoom: ivschat.ChatRoom_FromRoomId(stack, jsii.String("ExistingRoom"), jsii.String("g1H2I3j4k5L6")),
	})
	ivschat.NewChatRoom(stack, jsii.String("RoomInIreland"), &ivschat.ChatRoomProps{Region: jsii.String("eu-west-1")})
	ivschat.NewChatRoom(stack, jsii.String("NativeRoom"), &ivschat.ChatRoomProps{
		Provisioning: ivschat.Provisioning_CLOUDFORMATION,
	})
	native := constructs.NewConstruct(stack, jsii.String("Native"))
	native.Node().SetContext(jsii.String("cdk-ivs-chat:provisioning"), "CLOUDFORMATION")
	ivschat.NewChatRoom(native, jsii.String("Room"), &ivschat.ChatRoomProps{
		LoggingConfigurations: &[]interfacesawsivschat.ILoggingConfigurationRef{
			ivschat.NewLoggingConfiguration(native, jsii.String("Logging"), &ivschat.LoggingConfigurationProps{
				Destination: ivschat.LoggingDestination_S3(bucket, nil),
			}),
		},
	})
	ivschat.NewChatRoom(native, jsii.String("FastRoom"), &ivschat.ChatRoomProps{
		MaximumMessageRatePerSecond: jsii.Number(100),
		Provisioning:                ivschat.Provisioning_CUSTOM_RESOURCE,
	})
	ivschat.ChatRoom_FromRoomArn(
		stack, jsii.String("ImportedRoom"), jsii.String("arn:aws:ivschat:us-west-2:123456789012:room/abcdefghijkl"),
	).GrantSendEvent(moderationFunction)
	ivschat.ChatRoomGrants_FromRoom(awsivschat.NewCfnRoom(stack, jsii.String("CfnRoom"), nil)).CreateChatToken(tokenFunction)
	ivschat.LoggingConfigurationGrants_FromLoggingConfiguration(stream).Manage(moderationFunction)

	banList := ivschat.NewBanList(stack, jsii.String("BanList"), &ivschat.BanListProps{
		PointInTimeRecovery: jsii.Bool(true),
		RemovalPolicy:       awscdk.RemovalPolicy_DESTROY,
	})
	ivschat.BanList_FromTableName(stack, jsii.String("ImportedBanList"), jsii.String("bans")).GrantWrite(moderationFunction)
	chatApi := ivschat.NewChatApi(stack, jsii.String("ChatApi"), &ivschat.ChatApiProps{
		Rooms: &map[string]interfacesawsivschat.IRoomRef{"lobby": room, "reviewed": reviewedRoom},
		Authorizer: awsapigatewayv2authorizers.NewHttpJwtAuthorizer(
			jsii.String("Users"), jsii.String("https://issuer.example.com"),
			&awsapigatewayv2authorizers.HttpJwtAuthorizerProps{JwtAudience: jsii.Strings("chat")},
		),
		Claims: &ivschat.ChatClaims{DisplayName: jsii.String("nickname"), Role: jsii.String("groups")},
		Roles: &map[string]ivschat.ChatRole{
			"staff": ivschat.ChatRole_MODERATOR(),
			"reporter": ivschat.ChatRole_Of(&ivschat.ChatRoleOptions{
				Capabilities: &[]ivschat.ChatCapability{ivschat.ChatCapability_SEND_MESSAGE},
				Operations: &[]ivschat.ChatOperation{
					ivschat.ChatOperation_CREATE_CHAT_TOKEN, ivschat.ChatOperation_REPORT_MESSAGE,
				},
			}),
		},
		BanList: banList,
		Policy: &ivschat.ChatPolicy{
			Contact:  jsii.String("chat@example.com"),
			TermsUrl: jsii.String("https://example.com/terms"),
		},
		RequiredTerms:   jsii.String("2026-11"),
		Throttle:        &awsapigatewayv2.ThrottleSettings{RateLimit: jsii.Number(50), BurstLimit: jsii.Number(100)},
		SessionDuration: awscdk.Duration_Minutes(jsii.Number(120)),
		AllowOrigins:    jsii.Strings("https://example.com"),
	})
	chatApi.BanList().GrantRead(reviewFunction)
	awscdk.NewCfnOutput(stack, jsii.String("ChatUrl"), &awscdk.CfnOutputProps{Value: chatApi.Url()})

	return stack
}

func newFunction(scope constructs.Construct, id string) awslambda.Function {
	return awslambda.NewFunction(scope, &id, &awslambda.FunctionProps{
		Runtime: awslambda.Runtime_NODEJS_24_X(),
		Handler: jsii.String("index.handler"),
		Code:    awslambda.Code_FromInline(jsii.String("exports.handler = async () => ({});")),
	})
}

func main() {
	defer jsii.Close()

	app := awscdk.NewApp(nil)
	NewChatStack(app, "Chat", &awscdk.StackProps{
		Env: &awscdk.Environment{Account: jsii.String("123456789012"), Region: jsii.String("us-west-2")},
	})
	app.Synth(nil)
}
