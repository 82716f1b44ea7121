package com.example.chat;

import dev.cdkivschat.BanList;
import dev.cdkivschat.ChatApi;
import dev.cdkivschat.ChatCapability;
import dev.cdkivschat.ChatClaims;
import dev.cdkivschat.ChatOperation;
import dev.cdkivschat.ChatPolicy;
import dev.cdkivschat.ChatRole;
import dev.cdkivschat.ChatRoleOptions;
import dev.cdkivschat.ChatRoom;
import dev.cdkivschat.ChatRoomGrants;
import dev.cdkivschat.ChatRoomProvider;
import dev.cdkivschat.ChatRoomProviderOptions;
import dev.cdkivschat.FallbackResult;
import dev.cdkivschat.LambdaMessageReviewHandlerOptions;
import dev.cdkivschat.LoggingConfiguration;
import dev.cdkivschat.LoggingConfigurationGrants;
import dev.cdkivschat.LoggingDestination;
import dev.cdkivschat.LoggingDestinationOptions;
import dev.cdkivschat.MessageReviewHandler;
import dev.cdkivschat.MessagingAction;
import dev.cdkivschat.Provisioning;
import java.util.List;
import java.util.Map;
import software.amazon.awscdk.CfnOutput;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.StackProps;
import software.amazon.awscdk.aws_apigatewayv2_authorizers.HttpJwtAuthorizer;
import software.amazon.awscdk.services.apigatewayv2.ThrottleSettings;
import software.amazon.awscdk.services.cloudwatch.CreateAlarmOptions;
import software.amazon.awscdk.services.ivschat.CfnRoom;
import software.amazon.awscdk.services.kinesisfirehose.DeliveryStream;
import software.amazon.awscdk.services.kinesisfirehose.S3Bucket;
import software.amazon.awscdk.services.lambda.Code;
import software.amazon.awscdk.services.lambda.Function;
import software.amazon.awscdk.services.lambda.Runtime;
import software.amazon.awscdk.services.logs.LogGroup;
import software.amazon.awscdk.services.logs.RetentionDays;
import software.amazon.awscdk.services.s3.Bucket;
import software.constructs.Construct;

/** Chat rooms, their logs, and the functions that use them. */
public final class ChatStack extends Stack {
    public ChatStack(final Construct scope, final String id, final StackProps props) {
        super(scope, id, props);
        ChatRoomProvider.configure(this, ChatRoomProviderOptions.builder()
                .memorySize(512)
                .logRetention(RetentionDays.ONE_WEEK)
                .build());

        Function tokenFunction = createFunction("TokenFunction");
        Function moderationFunction = createFunction("ModerationFunction");
        Function reviewFunction = createFunction("ReviewFunction");

        ChatRoom room = ChatRoom.Builder.create(this, "Room")
                .maximumMessageLength(300)
                .maximumMessageRatePerSecond(50)
                .build();
        room.grantCreateChatToken(tokenFunction);
        room.grantModerate(moderationFunction);
        CfnOutput.Builder.create(this, "RoomArn").value(room.getRoomArn()).build();

        Bucket bucket = Bucket.Builder.create(this, "Archive").enforceSsl(true).build();
        LoggingConfiguration archive = LoggingConfiguration.Builder.create(this, "ArchiveLogging")
                .loggingConfigurationName("archive")
                .destination(LoggingDestination.s3(bucket))
                .removalPolicy(RemovalPolicy.RETAIN)
                .build();
        LoggingConfiguration logGroup = LoggingConfiguration.Builder.create(this, "LogGroupLogging")
                .destination(LoggingDestination.cloudWatchLogs(new LogGroup(this, "ChatLog")))
                .tags(Map.of("team", "chat"))
                .build();
        DeliveryStream deliveryStream = DeliveryStream.Builder.create(this, "Stream")
                .destination(new S3Bucket(bucket))
                .build();
        LoggingConfiguration stream = LoggingConfiguration.Builder.create(this, "StreamLogging")
                .destination(LoggingDestination.firehose(deliveryStream, LoggingDestinationOptions.builder()
                        .manageDeliveryPermissions(false)
                        .build()))
                .build();

        ChatRoom reviewedRoom = ChatRoom.Builder.create(this, "ReviewedRoom")
                .roomName("reviewed")
                .messageReviewHandler(MessageReviewHandler.lambdaFunction(reviewFunction,
                        LambdaMessageReviewHandlerOptions.builder().fallbackResult(FallbackResult.ALLOW).build()))
                .loggingConfigurations(List.of(archive, logGroup))
                .tags(Map.of("team", "chat"))
                .removalPolicy(RemovalPolicy.RETAIN)
                .build();
        reviewedRoom.addLoggingConfiguration(stream);
        reviewedRoom.getGrants().deleteMessage(moderationFunction);
        reviewedRoom.getGrants().disconnectUser(moderationFunction);
        CreateAlarmOptions oneError = CreateAlarmOptions.builder().threshold(1).evaluationPeriods(1).build();
        reviewedRoom.getMessageReviewHandler().metricInvocationErrors().createAlarm(this, "ReviewErrors", oneError);
        archive.metricLogDestinationErrors().createAlarm(this, "LogErrors", oneError);
        archive.getGrants().read(moderationFunction);
        ChatRoom.metricAllRequests(MessagingAction.SEND_MESSAGE).createAlarm(this, "ManyMessages",
                CreateAlarmOptions.builder().threshold(1000).evaluationPeriods(1).build());

        ChatRoom.Builder.create(this, "AdoptedRoom")
                .existingRoom(ChatRoom.fromRoomId(this, "ExistingRoom", "g1H2I3j4k5L6"))
                .build();
        ChatRoom.Builder.create(this, "RoomInIreland").region("eu-west-1").build();
        ChatRoom.Builder.create(this, "NativeRoom").provisioning(Provisioning.CLOUDFORMATION).build();
        Construct nativeScope = new Construct(this, "Native");
        nativeScope.getNode().setContext("cdk-ivs-chat:provisioning", "CLOUDFORMATION");
        ChatRoom.Builder.create(nativeScope, "Room")
                .loggingConfigurations(List.of(LoggingConfiguration.Builder.create(nativeScope, "Logging")
                        .destination(LoggingDestination.s3(bucket))
                        .build()))
                .build();
        ChatRoom.Builder.create(nativeScope, "FastRoom")
                .maximumMessageRatePerSecond(100)
                .provisioning(Provisioning.CUSTOM_RESOURCE)
                .build();
        ChatRoom.fromRoomArn(this, "ImportedRoom", "arn:aws:ivschat:us-west-2:123456789012:room/abcdefghijkl")
                .grantSendEvent(moderationFunction);
        ChatRoomGrants.fromRoom(new CfnRoom(this, "CfnRoom")).createChatToken(tokenFunction);
        LoggingConfigurationGrants.fromLoggingConfiguration(stream).manage(moderationFunction);

        BanList banList = BanList.Builder.create(this, "BanList")
                .pointInTimeRecovery(true)
                .removalPolicy(RemovalPolicy.DESTROY)
                .build();
        BanList.fromTableName(this, "ImportedBanList", "bans").grantWrite(moderationFunction);
        ChatApi chatApi = ChatApi.Builder.create(this, "ChatApi")
                .rooms(Map.of("lobby", room, "reviewed", reviewedRoom))
                .authorizer(HttpJwtAuthorizer.Builder.create("Users", "https://issuer.example.com")
                        .jwtAudience(List.of("chat"))
                        .build())
                .claims(ChatClaims.builder().displayName("nickname").role("groups").build())
                .roles(Map.of(
                        "staff", ChatRole.MODERATOR,
                        "reporter", ChatRole.of(ChatRoleOptions.builder()
                                .capabilities(List.of(ChatCapability.SEND_MESSAGE))
                                .operations(List.of(ChatOperation.CREATE_CHAT_TOKEN, ChatOperation.REPORT_MESSAGE))
                                .build())))
                .banList(banList)
                .policy(ChatPolicy.builder().contact("chat@example.com").termsUrl("https://example.com/terms").build())
                .requiredTerms("2026-11")
                .throttle(ThrottleSettings.builder().rateLimit(50).burstLimit(100).build())
                .sessionDuration(Duration.minutes(120))
                .allowOrigins(List.of("https://example.com"))
                .build();
        chatApi.getBanList().grantRead(reviewFunction);
        CfnOutput.Builder.create(this, "ChatUrl").value(chatApi.getUrl()).build();
    }

    private Function createFunction(final String id) {
        return Function.Builder.create(this, id)
                .runtime(Runtime.NODEJS_24_X)
                .handler("index.handler")
                .code(Code.fromInline("exports.handler = async () => ({});"))
                .build();
    }
}
